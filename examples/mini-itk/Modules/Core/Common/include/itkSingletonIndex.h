// What all wrapped libraries share, though each has its own copy of this
// code: the first library makes the index, the others are handed it.
#ifndef itkSingletonIndex_h
#define itkSingletonIndex_h

namespace itk {
class SingletonIndex {
  public:
    static SingletonIndex *GetInstance();
    static void SetInstance(SingletonIndex *instance);

    // An object by name; nullptr: none yet.
    void *GetGlobal(const char *name) const;
    void SetGlobal(const char *name, void *object);

    // Every SWIG module counts itself here when its C half is initialised.
    void CountInitialisation(const char *unit);
    int GetNumberOfInitialisations() const;

    unsigned long NextTimeStamp();

  private:
    struct Content;
    SingletonIndex();
    Content *m_Content;
};
} // namespace itk
#endif
