#ifndef itkDataObject_h
#define itkDataObject_h

#include "itkObject.h"

namespace itk {
class DataObject : public Object {
  public:
    const char *
    GetNameOfClass() const override
    {
        return "DataObject";
    }
};
} // namespace itk
#endif
