"""Prints what ITK's registries of templates show, as JSON. The same program
runs in a stock and a lazy process: see test_registries.py."""

import json
import pickle
import sys
import warnings

warnings.simplefilter("ignore")
import itk  # noqa: E402
from itk.support.template_class import itkTemplate, itkTemplateBase  # noqa: E402

NAMES = (
    "MedianImageFilter",
    "Image",
    "vector",
    "VectorContainer",
    "ImageFileReader",
    "Mesh",
    "FixedArray",
    "list",
    "ImageToImageFilter",
)
found = {}


def note(what, value):
    found[what] = value


for name in NAMES:
    getattr(itk, name)
for name in NAMES:
    template = getattr(itk, name)
    note(f"{name} keys", [repr(key) for key in template.keys()])
    note(f"{name} len", [len(template), len(list(template))])
    note(f"{name} values", [cl.__name__ for cl in template.values()])
    note(f"{name} attributes", sorted(set(dir(template))))
image = itk.Image[itk.F, 2]
key = (image, image)
note(
    "in", [key in itk.MedianImageFilter.__template__, () in itk.Image.items()]
)
note("get", itk.MedianImageFilter.__template__.get(key).__name__)
note("get miss", itk.Image.__template__.get("?", 5))
note("repr", repr(itk.Index.__template__))
note("equal", itk.Image.__template__ == dict(itk.Image.items()))
note("reversed", [repr(k) for k in reversed(itk.Image.__template__)])
note("pickle", pickle.loads(pickle.dumps(itk.MeanImageFilter)).__name__)
names = itkTemplateBase.__template_instantiations_name_to_object__
classes = itkTemplateBase.__template_instantiations_object_to_name__
note("names", list(names))
note("classes", [cl.__name__ for cl in classes])
note("sizes agree", len(names) == len(list(names)) == len(names.keys()))
note("templates", [repr(value) for value in classes.values()])
note("swig", len(itk.swig["vnl_vectorF"].__mro__))
note(
    "name", names[itkTemplate.normalizeName("itk::Vector<float, 2>")].__name__
)
json.dump(found, sys.stdout)
