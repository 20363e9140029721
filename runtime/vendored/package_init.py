"""itk: Top-level container package for ITK wrappers."""

# Made lazy by LazyIndex; the package's own __init__ is
# _lazyindex/stock_init.py. `lazyindex revert DIRECTORY` puts it back.
# That directory is small: finding the runtime there spares every import the
# listing of the thousand files beside this one.
__path__.insert(0, __path__[0] + "/_lazyindex")
try:
    from . import _lazyindex

    _lazyindex.attach(__name__, __path__[1])
except (ImportError, OSError) as _error:
    from . import _lazyindex_stock

    _lazyindex_stock.run(__name__, _error)
else:
    _lazyindex.run_hooks(__name__)
finally:
    del __path__[0]
