#ifndef pyBase_h
#define pyBase_h

namespace itk {
class NumericLimits {
  public:
    static double
    MaximumOfUnsignedChar()
    {
        return 255;
    }
};
} // namespace itk
#endif
