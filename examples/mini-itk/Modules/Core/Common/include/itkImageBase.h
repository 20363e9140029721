#ifndef itkImageBase_h
#define itkImageBase_h

#include "itkDataObject.h"
#include "itkIndex.h"
#include "itkSize.h"

namespace itk {
template <unsigned int VDimension> class ImageBase : public DataObject {
  public:
    const char *
    GetNameOfClass() const override
    {
        return "ImageBase";
    }

    static unsigned int
    GetImageDimension()
    {
        return VDimension;
    }

    const Size<VDimension> &
    GetSize() const
    {
        return m_Size;
    }

    void
    SetSize(const Size<VDimension> &size)
    {
        m_Size = size;
    }

    unsigned long
    GetNumberOfPixels() const
    {
        unsigned long count = 1;
        for (unsigned int i = 0; i < VDimension; ++i) {
            count *= m_Size.GetElement(i);
        }
        return count;
    }

    // Of a pixel in the buffer; 0 outside.
    unsigned long
    ComputeOffset(const Index<VDimension> &index) const
    {
        unsigned long offset = 0;
        unsigned long stride = 1;
        for (unsigned int i = 0; i < VDimension; ++i) {
            const long at = index.GetElement(i);
            if (at < 0 ||
                static_cast<unsigned long>(at) >= m_Size.GetElement(i)) {
                return 0;
            }
            offset += static_cast<unsigned long>(at) * stride;
            stride *= m_Size.GetElement(i);
        }
        return offset;
    }

  private:
    Size<VDimension> m_Size;
};
} // namespace itk
#endif
