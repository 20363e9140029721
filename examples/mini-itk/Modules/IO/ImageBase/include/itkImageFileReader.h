#ifndef itkImageFileReader_h
#define itkImageFileReader_h

#include "itkImageIOBase.h"
#include "itkImageSource.h"

namespace itk {
template <typename TOutputImage>
class ImageFileReader : public ImageSource<TOutputImage> {
  public:
    static ImageFileReader *
    New()
    {
        return new ImageFileReader;
    }

    const char *
    GetNameOfClass() const override
    {
        return "ImageFileReader";
    }

    void
    SetFileName(const char *name)
    {
        unsigned int i = 0;
        for (; name[i] != '\0' && i + 1 < sizeof(m_FileName); ++i) {
            m_FileName[i] = name[i];
        }
        m_FileName[i] = '\0';
    }

    // Whether the last Update() found someone to read the file, who did.
    bool
    GetSuccess() const
    {
        return m_Success;
    }

  protected:
    void
    GenerateData() override
    {
        ImageIOBase *io = ImageIOBase::CreateImageIO(m_FileName);
        m_Success = false;
        if (io == nullptr) {
            return;
        }
        io->Register();
        if (io->Read(m_FileName)) {
            Size<2> size;
            size.SetElement(0, io->GetDimension(0));
            size.SetElement(1, io->GetDimension(1));
            TOutputImage *output = this->GetOutput();
            output->SetSize(size);
            output->Allocate();
            for (unsigned long i = 0; i < output->GetNumberOfPixels(); ++i) {
                output->SetElement(
                    i, static_cast<typename TOutputImage::PixelType>(
                           io->GetElement(i)));
            }
            m_Success = true;
        }
        io->UnRegister();
    }

  private:
    char m_FileName[4096] = "";
    bool m_Success = false;
};
} // namespace itk
#endif
