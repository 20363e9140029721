"""itk: Top-level container package for ITK wrappers."""

# Made lazy by LazyIndex; the package's own __init__ is
# _lazyindex/stock_init.py. `lazyindex revert DIRECTORY` puts it back.

TYPE_CHECKING = False  # type checkers, linters and editors take it for true
if TYPE_CHECKING:
    from ._lazyindex.stock_init import *
    from ._lazyindex.stock_init import __getattr__, __version__
globals().pop("TYPE_CHECKING")

# That directory is small: finding the runtime there spares every import the
# listing of the thousand files beside this one.
__path__.insert(0, __path__[-1] + "/_lazyindex")


def _check(path):
    """Loading a library that is cut short can end the process. The last part
    of a whole one is the table of its sections; its head tells where."""
    import os

    file = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        head = os.read(file, 64)
        size = os.lseek(file, 0, os.SEEK_END)
    finally:
        os.close(file)
    end = int.from_bytes(head[40:48], "little")
    end += 64 * int.from_bytes(head[60:62], "little")
    if head[:6] == b"\x7fELF\2\1" and size < end:
        raise ImportError(f"{path} is cut short: {size} of {end} bytes")


try:
    if "t" in getattr(__import__("sys"), "abiflags", ""):  # it would fail
        raise ImportError("a free-threaded build of Python cannot load it")
    _check(__path__[0] + "/_lazyindex.abi3.so")
    from . import _lazyindex

    if not hasattr(_lazyindex, "attach"):  # it is the directory
        raise ImportError("it has no _lazyindex.abi3.so for this Python")
    _lazyindex.attach(__name__, __path__[-1])
except (ImportError, OSError) as _error:
    try:
        from . import _lazyindex_stock
    except (ImportError, OSError):
        # Reverted while we are being imported: this file is another by now,
        # or the same again, which must not go on for ever.
        _code = __spec__.loader.get_code(__name__)
        if "_lazyindex" in _code.co_names and len(__path__) > 5:
            raise ImportError(
                f"{__name__}: what belongs into {__path__[-1]}/_lazyindex is "
                f"lost ({_error}): reinstall it"
            ) from None
        exec(_code)
    else:
        _lazyindex_stock.run(__name__, _error)
else:
    _lazyindex.start(__name__)
finally:
    del __path__[0]
    for _name in ("_check", "_lazyindex", "_lazyindex_stock", "_name"):
        globals().pop(_name, None)
