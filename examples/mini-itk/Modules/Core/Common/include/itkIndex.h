#ifndef itkIndex_h
#define itkIndex_h

namespace itk {
template <unsigned int VDimension> class Index {
  public:
    long
    GetElement(unsigned int i) const
    {
        return m_Value[i];
    }

    void
    SetElement(unsigned int i, long value)
    {
        m_Value[i] = value;
    }

  private:
    long m_Value[VDimension] = {};
};
} // namespace itk
#endif
