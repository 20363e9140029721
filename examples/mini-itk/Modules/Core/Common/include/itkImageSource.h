#ifndef itkImageSource_h
#define itkImageSource_h

#include "itkProcessObject.h"

namespace itk {
template <typename TOutputImage> class ImageSource : public ProcessObject {
  public:
    using OutputImageType = TOutputImage;

    const char *
    GetNameOfClass() const override
    {
        return "ImageSource";
    }

    TOutputImage *
    GetOutput()
    {
        return m_Output;
    }

    ~ImageSource() override
    {
        m_Output->UnRegister();
    }

  protected:
    ImageSource() : m_Output(TOutputImage::New())
    {
        m_Output->Register();
    }

  private:
    TOutputImage *m_Output;
};
} // namespace itk
#endif
