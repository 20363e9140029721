#include "itkRawImageIOFactory.h"

#include "itkRawImageIO.h"

#include <cstring>

namespace itk {
LightObject *
RawImageIOFactory::CreateObject(const char *className)
{
    return std::strcmp(className, "ImageIOBase") == 0 ? RawImageIO::New()
                                                      : nullptr;
}
} // namespace itk
