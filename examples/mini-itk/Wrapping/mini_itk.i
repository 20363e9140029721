// What every interface begins with: objects are counted, not copied.
%feature("ref") itk::LightObject "$this->Register();"
%feature("unref") itk::LightObject "$this->UnRegister();"
%newobject New;
%newobject GetOutput;
%newobject GetInput;
%newobject GetRegisteredFactory;
%newobject CreateObject;
%newobject CreateImageIO;
%{
#include "itkSingletonIndex.h"
%}
