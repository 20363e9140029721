#ifndef itkMeanImageFilter_h
#define itkMeanImageFilter_h

#include "itkBoxImageFilter.h"

namespace itk {
template <typename TInputImage, typename TOutputImage>
class MeanImageFilter : public BoxImageFilter<TInputImage, TOutputImage> {
  public:
    static MeanImageFilter *
    New()
    {
        return new MeanImageFilter;
    }

    const char *
    GetNameOfClass() const override
    {
        return "MeanImageFilter";
    }

  protected:
    double
    Compute(double *values, unsigned int count) const override
    {
        double sum = 0;
        for (unsigned int i = 0; i < count; ++i) {
            sum += values[i];
        }
        return sum / count;
    }
};
} // namespace itk
#endif
