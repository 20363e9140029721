#ifndef itkClampImageFilter_h
#define itkClampImageFilter_h

#include "itkPixelwiseImageFilter.h"

namespace itk {
template <typename TInputImage, typename TOutputImage>
class ClampImageFilter
    : public PixelwiseImageFilter<TInputImage, TOutputImage> {
  public:
    static ClampImageFilter *
    New()
    {
        return new ClampImageFilter;
    }

    const char *
    GetNameOfClass() const override
    {
        return "ClampImageFilter";
    }

    void
    SetLower(double value)
    {
        m_Lower = value;
        this->Modified();
    }

    void
    SetUpper(double value)
    {
        m_Upper = value;
        this->Modified();
    }

  protected:
    double
    Compute(double value) const override
    {
        return value < m_Lower ? m_Lower : (value > m_Upper ? m_Upper : value);
    }

  private:
    double m_Lower = 0;
    double m_Upper = 255;
};
} // namespace itk
#endif
