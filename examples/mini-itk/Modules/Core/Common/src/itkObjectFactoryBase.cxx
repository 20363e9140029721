#include "itkObjectFactoryBase.h"

#include <vector>

namespace itk {
static std::vector<ObjectFactoryBase *> &
factories()
{
    SingletonIndex *index = SingletonIndex::GetInstance();
    void *list = index->GetGlobal("factories");
    if (list == nullptr) {
        list = new std::vector<ObjectFactoryBase *>;
        index->SetGlobal("factories", list);
    }
    return *static_cast<std::vector<ObjectFactoryBase *> *>(list);
}

void
ObjectFactoryBase::RegisterFactory(ObjectFactoryBase *factory)
{
    factory->Register();
    factories().push_back(factory);
}

int
ObjectFactoryBase::GetNumberOfRegisteredFactories()
{
    return static_cast<int>(factories().size());
}

ObjectFactoryBase *
ObjectFactoryBase::GetRegisteredFactory(int i)
{
    return i < 0 || i >= GetNumberOfRegisteredFactories()
               ? nullptr
               : factories()[static_cast<unsigned>(i)];
}
} // namespace itk
