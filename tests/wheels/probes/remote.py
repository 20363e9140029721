"""A program that uses the modules of Elastix and RTK, from wheels that are
not ITK's own. What it prints is the same in stock, whichever are lazy."""

REMOTE = """
import json, os, warnings
warnings.simplefilter("ignore")
place = os.getcwd()
import itk
first = itk.elastix_registration_method
found = {
    "function": [first.__name__, first.__doc__],
    "dir": [n for n in dir(itk.Elastix) if not n.startswith("_") and "lazy" not in n],
    "names": [n in dir(itk) for n in ("RTK", "ParameterObject", "Nothing")],
    "keys": [repr(k) for k in itk.ElastixRegistrationMethod],
    "same": itk.Elastix.ParameterObject is itk.ParameterObject,
    "object": type(itk.ParameterObject.New()).__module__,
    "map": repr(itk.convert_to_parameter_map({"a": [1, True]})),
    "rtk": itk.ThreeDCircularProjectionGeometry.__module__,
    "in rtk": repr(itk.RTK.ThreeDCircularProjectionGeometry),
    "of rtk": hasattr(itk.RTK, "add_rtkinputprojections_group"),
    "templates": [repr(itk.ElastixRegistrationMethod), itk.Image.__module__],
    "sizes": [len(itk.Image), len(itk.ImageSource)],
    "miss": [hasattr(itk.Elastix, "Image"), hasattr(itk, "Nothing")],
    "place": os.getcwd() == place,
    "factories": [
        factory.GetDescription()
        for factory in itk.ObjectFactoryBase.GetRegisteredFactories()
    ],
}
import numpy
image = itk.image_from_array(numpy.eye(32, dtype="float32"))
parameters = itk.ParameterObject.New()
parameters.AddParameterMap(parameters.GetDefaultParameterMap("translation", 1))
moved, transform = first(image, image, parameter_object=parameters)
found["registered"] = [
    type(moved).__name__, transform.GetNumberOfParameterMaps()
]
print(json.dumps(found))
"""
