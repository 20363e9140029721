#ifndef itkPixelwiseImageFilter_h
#define itkPixelwiseImageFilter_h

#include "itkInPlaceImageFilter.h"

namespace itk {
// Computes each pixel of the output from the same one of the input.
template <typename TInputImage, typename TOutputImage>
class PixelwiseImageFilter
    : public InPlaceImageFilter<TInputImage, TOutputImage> {
  public:
    const char *
    GetNameOfClass() const override
    {
        return "PixelwiseImageFilter";
    }

  protected:
    virtual double Compute(double value) const = 0;

    void
    GenerateData() override
    {
        const unsigned long count = this->AllocateOutput();
        for (unsigned long i = 0; i < count; ++i) {
            const double value =
                static_cast<double>(this->GetInput()->GetElement(i));
            const double result = this->Compute(value);
            this->GetOutput()->SetElement(
                i, static_cast<typename TOutputImage::PixelType>(result));
        }
    }
};
} // namespace itk
#endif
