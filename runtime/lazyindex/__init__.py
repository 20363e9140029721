"""LazyIndex: makes an installed Python package (ITK) load only what is used.

The work is done by the tool: `python -m lazyindex --help`.
"""

from ._version import __version__

__all__ = ["FormatError", "__version__"]


def __getattr__(name):
    if name == "FormatError":
        from ._lazyindex import FormatError

        return FormatError
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
