#ifndef itkBinaryThresholdImageFilter_h
#define itkBinaryThresholdImageFilter_h

#include "itkPixelwiseImageFilter.h"

namespace itk {
template <typename TInputImage, typename TOutputImage>
class BinaryThresholdImageFilter
    : public PixelwiseImageFilter<TInputImage, TOutputImage> {
  public:
    static BinaryThresholdImageFilter *
    New()
    {
        return new BinaryThresholdImageFilter;
    }

    const char *
    GetNameOfClass() const override
    {
        return "BinaryThresholdImageFilter";
    }

    void
    SetLowerThreshold(double value)
    {
        m_LowerThreshold = value;
        this->Modified();
    }

    void
    SetUpperThreshold(double value)
    {
        m_UpperThreshold = value;
        this->Modified();
    }

  protected:
    double
    Compute(double value) const override
    {
        return value >= m_LowerThreshold && value <= m_UpperThreshold ? 1 : 0;
    }

  private:
    double m_LowerThreshold = 0;
    double m_UpperThreshold = 255;
};
} // namespace itk
#endif
