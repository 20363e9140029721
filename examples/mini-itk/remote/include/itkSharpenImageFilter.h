#ifndef itkSharpenImageFilter_h
#define itkSharpenImageFilter_h

#include "itkBoxImageFilter.h"

namespace itk {
template <typename TInputImage, typename TOutputImage>
class SharpenImageFilter : public BoxImageFilter<TInputImage, TOutputImage> {
  public:
    static SharpenImageFilter *
    New()
    {
        return new SharpenImageFilter;
    }

    const char *
    GetNameOfClass() const override
    {
        return "SharpenImageFilter";
    }

  protected:
    // Twice the value in the middle, less the mean.
    double
    Compute(double *values, unsigned int count) const override
    {
        double sum = 0;
        for (unsigned int i = 0; i < count; ++i) {
            sum += values[i];
        }
        const double result = 2 * values[count / 2] - sum / count;
        return result < 0 ? 0 : (result > 255 ? 255 : result);
    }
};
} // namespace itk
#endif
