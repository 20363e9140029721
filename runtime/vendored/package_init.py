"""itk: Top-level container package for ITK wrappers."""

# Made lazy by LazyIndex; the package's own __init__ is
# _lazyindex/stock_init.py. `lazyindex revert DIRECTORY` puts it back.
# That directory is small: finding the runtime there spares every import the
# listing of the thousand files beside this one.
__path__.insert(0, __path__[-1] + "/_lazyindex")
try:
    if "t" in getattr(__import__("sys"), "abiflags", ""):  # it would fail
        raise ImportError("a free-threaded build of Python cannot load it")
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
            raise
        exec(_code)
    else:
        _lazyindex_stock.run(__name__, _error)
else:
    _lazyindex.run_hooks(__name__)
finally:
    del __path__[0]
