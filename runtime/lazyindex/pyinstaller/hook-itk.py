"""PyInstaller hook for ITK made lazy: only what the application needs."""

from pathlib import Path

from PyInstaller.utils.hooks import (
    collect_data_files,
    collect_dynamic_libs,
    collect_submodules,
    get_package_paths,
)

from lazyindex.__main__ import find_tool
from lazyindex.pyinstaller import Index, identifiers

OWN = "itk/_lazyindex"

# itk's __init__ imports it for type checkers only.
excludedimports = ["itk._lazyindex"]


def collect_stock(api):
    """The package is not lazy: all of it."""
    api.add_datas(collect_data_files("itk", include_py_files=True))
    api.add_binaries(collect_dynamic_libs("itk"))
    api.add_imports(*collect_submodules("itk.Configuration"))


def collect_lazy(api, package):
    index = Index(package, find_tool())
    words = set()
    for code in api.graph.get_code_using("itk").values():
        words |= identifiers(code)
    modules, units = index.needed(words)
    api.add_imports(
        "itkConfig",
        *(f"itk.support.{p.stem}" for p in package.glob("support/*.py")),
        *(f"itk.{unit}" for unit in units),
        *(f"itk._{module}Python" for module in modules),
    )
    files = [
        *package.glob("support/*.py"),
        package / "Configuration/__init__.py",
    ]
    for module in modules:
        files += package.glob(f"Configuration/{module}Config.py")
        files += package.glob(f"Configuration/{module}_snake_case.py")
        files += package.glob(f"__init_{module.lower()}__.py")
        if index.modules[module]["has_body"]:
            files.append(package / f"{module}Python.py")
    files += package.glob("_lazyindex/*.lzi")
    files += package.glob("_lazyindex/*.py")
    api.add_datas(
        [
            (str(file), str("itk" / file.parent.relative_to(package)))
            for file in files
        ]
    )
    api.add_binaries(
        [(str(so), OWN) for so in package.glob("_lazyindex/*.so")]
    )


def hook(hook_api):
    package = Path(get_package_paths("itk")[1])
    if any(package.glob("_lazyindex/*.lzi")):
        collect_lazy(hook_api, package)
    else:
        collect_stock(hook_api)
