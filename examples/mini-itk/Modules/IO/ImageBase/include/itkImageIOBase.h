#ifndef itkImageIOBase_h
#define itkImageIOBase_h

#include "itkObject.h"

namespace itk {
// Reads 2D images of bytes in one file format.
class ImageIOBase : public Object {
  public:
    const char *
    GetNameOfClass() const override
    {
        return "ImageIOBase";
    }

    virtual bool CanReadFile(const char *name) = 0;

    // Fills what the getters below give. Returns whether it could.
    virtual bool Read(const char *name) = 0;

    unsigned long
    GetDimension(unsigned int i) const
    {
        return m_Dimensions[i];
    }

    unsigned char
    GetElement(unsigned long offset) const
    {
        return m_Data[offset];
    }

    // By the first registered factory that has a class for the file; nullptr:
    // none.
    static ImageIOBase *CreateImageIO(const char *name);

    ~ImageIOBase() override
    {
        delete[] m_Data;
    }

  protected:
    void
    SetContent(unsigned long width, unsigned long height, unsigned char *data)
    {
        delete[] m_Data;
        m_Dimensions[0] = width;
        m_Dimensions[1] = height;
        m_Data = data;
    }

  private:
    unsigned long m_Dimensions[2] = {0, 0};
    unsigned char *m_Data = nullptr;
};
} // namespace itk
#endif
