"""C++ types that parameters of templates can be."""

from typing import ClassVar


class itkCType:
    __c_types__: ClassVar = {}

    def __init__(self, name, short_name):
        self.name = name
        self.short_name = short_name
        itkCType.__c_types__[name] = self

    def __repr__(self):
        return f"<itkCType {self.name}>"

    @staticmethod
    def GetCType(name):
        return itkCType.__c_types__.get(name)


UC = itkCType("unsigned char", "UC")
F = itkCType("float", "F")
D = itkCType("double", "D")
