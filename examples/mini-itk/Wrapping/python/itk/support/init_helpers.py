"""Loading everything, and telling how much was loaded."""

__all__ = ["count_initialisations", "force_load"]


def force_load():
    """Load every name of the package."""
    import itk

    for name in dir(itk):
        getattr(itk, name)


def count_initialisations():
    """How many SWIG modules have had their C half initialised."""
    import sys

    library = sys.modules.get("itk._ITKCommonPython")
    return 0 if library is None else library.count_initialisations()
