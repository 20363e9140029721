#ifndef itkRawImageIOFactory_h
#define itkRawImageIOFactory_h

#include "itkObjectFactoryBase.h"

namespace itk {
class RawImageIOFactory : public ObjectFactoryBase {
  public:
    static RawImageIOFactory *
    New()
    {
        return new RawImageIOFactory;
    }

    const char *
    GetNameOfClass() const override
    {
        return "RawImageIOFactory";
    }

    LightObject *CreateObject(const char *className) override;

    static void
    RegisterOneFactory()
    {
        ObjectFactoryBase::RegisterFactory(New());
    }
};
} // namespace itk
#endif
