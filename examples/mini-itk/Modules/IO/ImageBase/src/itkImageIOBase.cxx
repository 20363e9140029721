#include "itkImageIOBase.h"

#include "itkObjectFactoryBase.h"

namespace itk {
ImageIOBase *
ImageIOBase::CreateImageIO(const char *name)
{
    for (int i = 0; i < ObjectFactoryBase::GetNumberOfRegisteredFactories();
         ++i) {
        LightObject *made =
            ObjectFactoryBase::GetRegisteredFactory(i)->CreateObject(
                "ImageIOBase");
        // Not dynamic_cast: the object may be of another library, which has
        // its own type information. Such a factory makes no other classes.
        ImageIOBase *io = static_cast<ImageIOBase *>(made);
        if (io != nullptr) {
            if (io->CanReadFile(name)) {
                return io;
            }
            io->Register();
            io->UnRegister();
        }
    }
    return nullptr;
}
} // namespace itk
