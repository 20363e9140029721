#ifndef itkImage_h
#define itkImage_h

#include "itkImageBase.h"

namespace itk {
template <typename TPixel, unsigned int VDimension>
class Image : public ImageBase<VDimension> {
  public:
    using PixelType = TPixel;

    static Image *
    New()
    {
        return new Image;
    }

    const char *
    GetNameOfClass() const override
    {
        return "Image";
    }

    void
    Allocate()
    {
        delete[] m_Buffer;
        m_Buffer = new TPixel[this->GetNumberOfPixels() + 1]();
    }

    TPixel
    GetPixel(const Index<VDimension> &index) const
    {
        return m_Buffer[this->ComputeOffset(index)];
    }

    void
    SetPixel(const Index<VDimension> &index, TPixel value)
    {
        m_Buffer[this->ComputeOffset(index)] = value;
    }

    // By position in the buffer, which must be allocated.
    TPixel
    GetElement(unsigned long offset) const
    {
        return m_Buffer[offset];
    }

    void
    SetElement(unsigned long offset, TPixel value)
    {
        m_Buffer[offset] = value;
    }

    ~Image() override
    {
        delete[] m_Buffer;
    }

  protected:
    Image() = default;

  private:
    TPixel *m_Buffer = nullptr;
};
} // namespace itk
#endif
