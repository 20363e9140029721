#ifndef itkSquareImageFilter_h
#define itkSquareImageFilter_h

#include "itkPixelwiseImageFilter.h"

namespace itk {
template <typename TInputImage, typename TOutputImage>
class SquareImageFilter
    : public PixelwiseImageFilter<TInputImage, TOutputImage> {
  public:
    static SquareImageFilter *
    New()
    {
        return new SquareImageFilter;
    }

    const char *
    GetNameOfClass() const override
    {
        return "SquareImageFilter";
    }

  protected:
    double
    Compute(double value) const override
    {
        return value * value;
    }
};
} // namespace itk
#endif
