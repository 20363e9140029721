#ifndef itkContinuousIndex_h
#define itkContinuousIndex_h

namespace itk {
template <typename TCoordinate, unsigned int VDimension>
class ContinuousIndex {
  public:
    TCoordinate
    GetElement(unsigned int i) const
    {
        return m_Value[i];
    }

    void
    SetElement(unsigned int i, TCoordinate value)
    {
        m_Value[i] = value;
    }

  private:
    TCoordinate m_Value[VDimension] = {};
};
} // namespace itk
#endif
