#ifndef itkThresholdImageFilter_h
#define itkThresholdImageFilter_h

#include "itkPixelwiseImageFilter.h"

namespace itk {
template <typename TInputImage, typename TOutputImage>
class ThresholdImageFilter
    : public PixelwiseImageFilter<TInputImage, TOutputImage> {
  public:
    static ThresholdImageFilter *
    New()
    {
        return new ThresholdImageFilter;
    }

    const char *
    GetNameOfClass() const override
    {
        return "ThresholdImageFilter";
    }

    void
    SetThreshold(double value)
    {
        m_Threshold = value;
        this->Modified();
    }

  protected:
    double
    Compute(double value) const override
    {
        return value < m_Threshold ? 0 : value;
    }

  private:
    double m_Threshold = 128;
};
} // namespace itk
#endif
