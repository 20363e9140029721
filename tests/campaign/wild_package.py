"""A small package whose units load, served by shards made by hand: the other
miniatures have no libraries, or take a compiler for C++ and SWIG.

ITKCommon has the units itkThingPython (a class without a template) and
itkImagePython (a template, a function); ITKIOImageBase has itkPNGPython (a
factory). Beside the package is `outside`, where nothing may ever look.
"""

import shutil
import sys
from pathlib import Path

import shard_writer as shards

sys.path.append(str(Path(__file__).resolve().parents[1] / "python"))
from sources import source

TEMPLATE_CLASS = """import collections


class itkTemplateBase:
    __template_instantiations_name_to_object__ = collections.OrderedDict()
    __template_instantiations_object_to_name__ = {}
    __named_template_registry__ = {}


class itkTemplate:
    def __local__init__(self, name):
        self.__name__ = name
        self.__template__ = collections.OrderedDict()

    def _LoadModules(self):
        pass
"""

FILES = {
    "itkConfig.py": "DefaultFactoryLoading = True\nImportCallback = None\n",
    "itk/support/__init__.py": "",
    "itk/support/extras.py": "def imread(name):\n    return name\n",
    "itk/support/init_helpers.py": "",
    "itk/support/types.py": (
        "class itkCType:\n    __c_types__ = {'float': 1.5}\n"
    ),
    "itk/support/template_class.py": TEMPLATE_CLASS,
    "itk/support/base.py": (
        "itk_base_global_lazy_attributes = {}\n"
        'needed_factories = {"ITKIOImageBase": "ImageIO"}\n'
    ),
    "itk/_lazyindex/stock_init.py": "stock = True\n",
    "itk/Configuration/ITKCommonConfig.py": "",
    "itk/Configuration/ITKIOImageBaseConfig.py": "",
    "itk/itkThingPython.py": (
        "from . import _ITKCommonPython, _itkThingPython\n\n\n"
        "class itkThing:\n    pass\n"
    ),
    "itk/itkImagePython.py": (
        "from . import _ITKCommonPython, _itkImagePython\n"
        "import itk.itkThingPython\n\n\n"
        "class itkImageF2:\n    pass\n\n\n"
        "class itkImageF3:\n    pass\n\n\n"
        "def image_filter():\n    pass\n\n\n"
        "def image_filter_init_docstring():\n    pass\n"
    ),
    "itk/itkPNGPython.py": (
        "from . import _ITKIOImageBasePython, _itkPNGPython\n\n\n"
        "class itkPNGImageIOFactory:\n"
        "    @staticmethod\n    def RegisterOneFactory():\n        pass\n"
    ),
    "outside/evil.py": "",
    "outside/__init_evil__.py": "",
}

MODULES = ["ITKCommon", "ITKIOImageBase"]
IMAGE = (3, "Image", "itk::Image", "itkImageF2", "float,2")


def good_records():
    """What every case starts from: keys and values of one shard."""
    thing = (1, "Thing", "itk::Thing", "itkThing")
    factory = (
        1,
        "PNGImageIOFactory",
        "itk::PNGImageIOFactory",
        "itkPNGImageIOFactory",
    )
    rest = (3, "Image", "itk::Image", "itkImageF3", "float,3")
    first = len(shards.tuples(thing))
    records = {
        "@": shards.meta(),
        "%": b"\xff" * 64,
        "c": shards.contents(MODULES),
        "Eimread": shards.string("itk.support.extras")
        + shards.string("imread"),
        "gITKIOImageBase": shards.strings(["ImageIO"]),
        "f__init__.py": shards.number(13) + shards.fixed64(1),
        "MITKCommon": shards.module(
            "_ITKCommonPython.abi3.so",
            ["itkThingPython", "itkImagePython"],
            ["Image", "Thing", "image_filter"],
            functions=[("image_filter", "itkImagePython")],
        ),
        "MITKIOImageBase": shards.module(
            "_ITKIOImageBasePython.abi3.so",
            ["itkPNGPython"],
            ["PNGImageIOFactory"],
            depends=["ITKCommon"],
            factories=[("ImageIO", "PNG", "itkPNGPython")],
        ),
        "NImage": shards.candidates(
            ("ITKCommon", 5, ["itkImagePython"], "itk::Image")
        ),
        "NThing": shards.candidates(("ITKCommon", 1, ["itkThingPython"])),
        "Nimage_filter": shards.candidates(
            ("ITKCommon", 2, ["itkImagePython"])
        ),
        "NPNGImageIOFactory": shards.candidates(
            ("ITKIOImageBase", 1, ["itkPNGPython"])
        ),
        "tITKCommon": shards.tuples(thing, IMAGE, rest),
        "tITKIOImageBase": shards.tuples(factory),
        "uitkThingPython": shards.unit("ITKCommon", ranges=[(1, 0, 1)]),
        "uitkImagePython": shards.unit(
            "ITKCommon", ["itkThingPython"], ranges=[(first, 1, 2)]
        ),
        "uitkPNGPython": shards.unit(
            "ITKIOImageBase", ["itkThingPython"], ranges=[(1, 0, 1)]
        ),
    }
    return {key.encode(): value for key, value in records.items()}


def make_package(site, extension, library):
    """Without any shard."""
    for path, text in FILES.items():
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        (site / path).write_text(text)
    shutil.copy(source("package_init.py"), site / "itk/__init__.py")
    own = site / "itk/_lazyindex"
    shutil.copy(source("_lazyindex_stock.py"), own)
    shutil.copy(extension, own / "_lazyindex.abi3.so")
    for module in MODULES:
        shutil.copy(library, site / f"itk/_{module}Python.abi3.so")
    shutil.copy(library, site / "outside/_ITKCommonPython.abi3.so")
