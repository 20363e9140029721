#ifndef itkObjectFactoryBase_h
#define itkObjectFactoryBase_h

#include "itkObject.h"

namespace itk {
// Makes objects of classes that the caller does not know. All libraries share
// one list of factories.
class ObjectFactoryBase : public Object {
  public:
    const char *
    GetNameOfClass() const override
    {
        return "ObjectFactoryBase";
    }

    // An object of a class, or nullptr.
    virtual LightObject *CreateObject(const char *className) = 0;

    static void RegisterFactory(ObjectFactoryBase *factory);
    static int GetNumberOfRegisteredFactories();
    // The factory that was registered as number i; nullptr: there is none.
    static ObjectFactoryBase *GetRegisteredFactory(int i);
};
} // namespace itk
#endif
