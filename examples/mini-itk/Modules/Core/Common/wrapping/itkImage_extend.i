// Returned types by the names that they have in Python, as in ITK's own
// interfaces.
%define MINI_IMAGE_CENTER(IMAGE, DIMENSION)
%newobject itk::Image<IMAGE, DIMENSION>::GetCenter;
%extend itk::Image<IMAGE, DIMENSION>
{
  itkContinuousIndexD##DIMENSION *
  GetCenter() const
  {
    auto * center = new itkContinuousIndexD##DIMENSION;
    for (unsigned int i = 0; i < DIMENSION; ++i)
    {
      center->SetElement(i, (static_cast<double>($self->GetSize().GetElement(i)) - 1) / 2);
    }
    return center;
  }
}
%enddef
%{
#include "itkContinuousIndex.h"
using itkContinuousIndexD2 = itk::ContinuousIndex<double, 2>;
using itkContinuousIndexD3 = itk::ContinuousIndex<double, 3>;
%}
namespace itk
{
template <typename TCoordinate, unsigned int VDimension>
class ContinuousIndex;
}
typedef itk::ContinuousIndex<double, 2> itkContinuousIndexD2;
typedef itk::ContinuousIndex<double, 3> itkContinuousIndexD3;
MINI_IMAGE_CENTER(unsigned char, 2)
MINI_IMAGE_CENTER(float, 2)
MINI_IMAGE_CENTER(float, 3)
