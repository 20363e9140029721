"""itk: Top-level container package for ITK wrappers."""

# Made lazy by LazyIndex; the package's own __init__ is
# _lazyindex/stock_init.py. `lazyindex revert DIRECTORY` puts it back.
from . import _lazyindex

_lazyindex.attach(__name__)
