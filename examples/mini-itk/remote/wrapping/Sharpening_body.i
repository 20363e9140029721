%pythoncode %{
def sharpen_twice(image):
    import itk

    return itk.sharpen_image_filter(itk.sharpen_image_filter(image))


def sharpen_twice_init_docstring():
    """The loader calls this."""
%}
