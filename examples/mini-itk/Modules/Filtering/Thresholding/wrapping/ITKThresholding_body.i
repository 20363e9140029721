// A function that belongs to the module, not to one of its units.
%pythoncode %{
def threshold_above(image, value):
    import itk

    return itk.threshold_image_filter(image, Threshold=value)


def threshold_above_init_docstring():
    """The loader calls this."""
%}
