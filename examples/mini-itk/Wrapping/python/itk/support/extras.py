"""Helpers for users."""

__all__ = ["image_from_rows", "imread", "rows_of", "template"]


def imread(name):
    """A 2D image of bytes from a file."""
    import itk

    reader = itk.ImageFileReader[itk.Image[itk.UC, 2]].New()
    reader.SetFileName(str(name))
    reader.Update()
    if not reader.GetSuccess():
        raise OSError(f"no image IO can read {str(name)!r}")
    return reader.GetOutput()


def image_from_rows(rows, pixel=None):
    """A 2D image from equally long lists of numbers."""
    import itk

    size = itk.Size[2]()
    size.SetElement(0, len(rows[0]))
    size.SetElement(1, len(rows))
    image = itk.Image[pixel or itk.UC, 2].New()
    image.SetSize(size)
    image.Allocate()
    for i, value in enumerate(value for row in rows for value in row):
        image.SetElement(i, value)
    return image


def rows_of(image):
    """The pixels of a 2D image as lists."""
    size = image.GetSize()
    width, height = size.GetElement(0), size.GetElement(1)
    return [
        [image.GetElement(y * width + x) for x in range(width)]
        for y in range(height)
    ]


def template(thing):
    """The template and parameters that a class or object comes from."""
    from itk.support.template_class import itkTemplateBase

    objects = itkTemplateBase.__template_instantiations_object_to_name__
    return objects[thing if isinstance(thing, type) else type(thing)]
