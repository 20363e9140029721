#ifndef itkInPlaceImageFilter_h
#define itkInPlaceImageFilter_h

#include "itkImageToImageFilter.h"

namespace itk {
template <typename TInputImage, typename TOutputImage>
class InPlaceImageFilter
    : public ImageToImageFilter<TInputImage, TOutputImage> {
  public:
    const char *
    GetNameOfClass() const override
    {
        return "InPlaceImageFilter";
    }
};
} // namespace itk
#endif
