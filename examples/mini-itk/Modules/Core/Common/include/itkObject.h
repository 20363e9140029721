#ifndef itkObject_h
#define itkObject_h

#include "itkLightObject.h"
#include "itkSingletonIndex.h"

namespace itk {
class Object : public LightObject {
  public:
    const char *
    GetNameOfClass() const override
    {
        return "Object";
    }

    // Later in time is larger, whichever library an object comes from.
    unsigned long
    GetMTime() const
    {
        return m_Time;
    }

    void
    Modified()
    {
        m_Time = SingletonIndex::GetInstance()->NextTimeStamp();
    }

  protected:
    Object()
    {
        this->Modified();
    }

  private:
    unsigned long m_Time;
};
} // namespace itk
#endif
