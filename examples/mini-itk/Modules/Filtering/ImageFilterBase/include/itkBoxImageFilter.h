#ifndef itkBoxImageFilter_h
#define itkBoxImageFilter_h

#include "itkImageToImageFilter.h"

namespace itk {
// Computes each pixel of the output from a neighborhood in the input. In this
// miniature that is a run of pixels in the buffer.
template <typename TInputImage, typename TOutputImage>
class BoxImageFilter : public ImageToImageFilter<TInputImage, TOutputImage> {
  public:
    const char *
    GetNameOfClass() const override
    {
        return "BoxImageFilter";
    }

    void
    SetRadius(unsigned int radius)
    {
        m_Radius = radius < MaximumRadius ? radius : MaximumRadius;
        this->Modified();
    }

    unsigned int
    GetRadius() const
    {
        return m_Radius;
    }

  protected:
    static const unsigned int MaximumRadius = 8;

    // May change the order of the values.
    virtual double Compute(double *values, unsigned int count) const = 0;

    void
    GenerateData() override
    {
        const long count = static_cast<long>(this->AllocateOutput());
        const long radius = static_cast<long>(m_Radius);
        for (long i = 0; i < count; ++i) {
            double values[2 * MaximumRadius + 1];
            unsigned int used = 0;
            for (long k = i - radius; k <= i + radius; ++k) {
                const long inside = k < 0 ? 0 : (k >= count ? count - 1 : k);
                values[used++] =
                    static_cast<double>(this->GetInput()->GetElement(
                        static_cast<unsigned long>(inside)));
            }
            const double result = this->Compute(values, used);
            this->GetOutput()->SetElement(
                static_cast<unsigned long>(i),
                static_cast<typename TOutputImage::PixelType>(result));
        }
    }

  private:
    unsigned int m_Radius = 1;
};
} // namespace itk
#endif
