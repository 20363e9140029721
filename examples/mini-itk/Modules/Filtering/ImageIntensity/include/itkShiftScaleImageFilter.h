#ifndef itkShiftScaleImageFilter_h
#define itkShiftScaleImageFilter_h

#include "itkPixelwiseImageFilter.h"

namespace itk {
template <typename TInputImage, typename TOutputImage>
class ShiftScaleImageFilter
    : public PixelwiseImageFilter<TInputImage, TOutputImage> {
  public:
    static ShiftScaleImageFilter *
    New()
    {
        return new ShiftScaleImageFilter;
    }

    const char *
    GetNameOfClass() const override
    {
        return "ShiftScaleImageFilter";
    }

    void
    SetShift(double value)
    {
        m_Shift = value;
        this->Modified();
    }

    void
    SetScale(double value)
    {
        m_Scale = value;
        this->Modified();
    }

  protected:
    double
    Compute(double value) const override
    {
        return (value + m_Shift) * m_Scale;
    }

  private:
    double m_Shift = 0;
    double m_Scale = 1;
};
} // namespace itk
#endif
