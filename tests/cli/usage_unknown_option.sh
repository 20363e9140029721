lazyindex --frob
lazyindex build --frob itk
lazyindex dump -x file
