#ifndef itkMedianImageFilter_h
#define itkMedianImageFilter_h

#include "itkBoxImageFilter.h"

namespace itk {
template <typename TInputImage, typename TOutputImage>
class MedianImageFilter : public BoxImageFilter<TInputImage, TOutputImage> {
  public:
    static MedianImageFilter *
    New()
    {
        return new MedianImageFilter;
    }

    const char *
    GetNameOfClass() const override
    {
        return "MedianImageFilter";
    }

  protected:
    double
    Compute(double *values, unsigned int count) const override
    {
        for (unsigned int i = 1; i < count; ++i) {
            for (unsigned int k = i; k > 0 && values[k] < values[k - 1]; --k) {
                const double other = values[k];
                values[k] = values[k - 1];
                values[k - 1] = other;
            }
        }
        return values[count / 2];
    }
};
} // namespace itk
#endif
