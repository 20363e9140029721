#ifndef itkInvertIntensityImageFilter_h
#define itkInvertIntensityImageFilter_h

#include "itkPixelwiseImageFilter.h"

namespace itk {
template <typename TInputImage, typename TOutputImage>
class InvertIntensityImageFilter
    : public PixelwiseImageFilter<TInputImage, TOutputImage> {
  public:
    static InvertIntensityImageFilter *
    New()
    {
        return new InvertIntensityImageFilter;
    }

    const char *
    GetNameOfClass() const override
    {
        return "InvertIntensityImageFilter";
    }

    void
    SetMaximum(double value)
    {
        m_Maximum = value;
        this->Modified();
    }

  protected:
    double
    Compute(double value) const override
    {
        return m_Maximum - value;
    }

  private:
    double m_Maximum = 255;
};
} // namespace itk
#endif
