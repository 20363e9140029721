#ifndef itkSize_h
#define itkSize_h

namespace itk {
template <unsigned int VDimension> class Size {
  public:
    unsigned long
    GetElement(unsigned int i) const
    {
        return m_Value[i];
    }

    void
    SetElement(unsigned int i, unsigned long value)
    {
        m_Value[i] = value;
    }

  private:
    unsigned long m_Value[VDimension] = {};
};
} // namespace itk
#endif
