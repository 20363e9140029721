#ifndef itkProcessObject_h
#define itkProcessObject_h

#include "itkObject.h"

namespace itk {
class ProcessObject : public Object {
  public:
    const char *
    GetNameOfClass() const override
    {
        return "ProcessObject";
    }

    void
    Update()
    {
        this->GenerateData();
        this->Modified();
    }

  protected:
    virtual void GenerateData() = 0;
};
} // namespace itk
#endif
