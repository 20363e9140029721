fails 2 lazyindex --frob
fails 2 lazyindex build --frob itk
lazyindex dump -x file
