#ifndef itkAbsImageFilter_h
#define itkAbsImageFilter_h

#include "itkPixelwiseImageFilter.h"

namespace itk {
template <typename TInputImage, typename TOutputImage>
class AbsImageFilter : public PixelwiseImageFilter<TInputImage, TOutputImage> {
  public:
    static AbsImageFilter *
    New()
    {
        return new AbsImageFilter;
    }

    const char *
    GetNameOfClass() const override
    {
        return "AbsImageFilter";
    }

  protected:
    double
    Compute(double value) const override
    {
        return value < 0 ? -value : value;
    }
};
} // namespace itk
#endif
