#ifndef itkImageToImageFilter_h
#define itkImageToImageFilter_h

#include "itkImageSource.h"

namespace itk {
template <typename TInputImage, typename TOutputImage>
class ImageToImageFilter : public ImageSource<TOutputImage> {
  public:
    const char *
    GetNameOfClass() const override
    {
        return "ImageToImageFilter";
    }

    void
    SetInput(TInputImage *input)
    {
        input->Register();
        if (m_Input != nullptr) {
            m_Input->UnRegister();
        }
        m_Input = input;
        this->Modified();
    }

    TInputImage *
    GetInput()
    {
        return m_Input;
    }

    ~ImageToImageFilter() override
    {
        if (m_Input != nullptr) {
            m_Input->UnRegister();
        }
    }

  protected:
    // The output gets the size of the input. Returns its number of pixels.
    unsigned long
    AllocateOutput()
    {
        if (m_Input == nullptr) {
            return 0;
        }
        this->GetOutput()->SetSize(m_Input->GetSize());
        this->GetOutput()->Allocate();
        return m_Input->GetNumberOfPixels();
    }

  private:
    TInputImage *m_Input = nullptr;
};
} // namespace itk
#endif
