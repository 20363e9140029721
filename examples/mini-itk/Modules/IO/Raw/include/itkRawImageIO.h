#ifndef itkRawImageIO_h
#define itkRawImageIO_h

#include "itkImageIOBase.h"

namespace itk {
// Files that begin with "RAW width height\n", then have a byte per pixel.
class RawImageIO : public ImageIOBase {
  public:
    static RawImageIO *
    New()
    {
        return new RawImageIO;
    }

    const char *
    GetNameOfClass() const override
    {
        return "RawImageIO";
    }

    bool CanReadFile(const char *name) override;
    bool Read(const char *name) override;
};
} // namespace itk
#endif
