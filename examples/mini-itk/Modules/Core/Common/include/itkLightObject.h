#ifndef itkLightObject_h
#define itkLightObject_h

namespace itk {
// Counts references; a new object has none.
class LightObject {
  public:
    virtual const char *
    GetNameOfClass() const
    {
        return "LightObject";
    }

    void
    Register()
    {
        ++m_ReferenceCount;
    }

    void
    UnRegister()
    {
        if (--m_ReferenceCount <= 0) {
            delete this;
        }
    }

    int
    GetReferenceCount() const
    {
        return m_ReferenceCount;
    }

    virtual ~LightObject() = default;

  protected:
    LightObject() = default;

  private:
    int m_ReferenceCount = 0;
};
} // namespace itk
#endif
