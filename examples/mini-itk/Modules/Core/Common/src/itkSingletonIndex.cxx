#include "itkSingletonIndex.h"

#include <map>
#include <string>

namespace itk {
static SingletonIndex *instance = nullptr;

struct SingletonIndex::Content {
    std::map<std::string, void *> globals;
    std::map<std::string, int> initialisations;
    unsigned long time = 0;
};

SingletonIndex::SingletonIndex() : m_Content(new Content)
{
}

SingletonIndex *
SingletonIndex::GetInstance()
{
    if (instance == nullptr) {
        instance = new SingletonIndex;
    }
    return instance;
}

void
SingletonIndex::SetInstance(SingletonIndex *shared)
{
    instance = shared;
}

void *
SingletonIndex::GetGlobal(const char *name) const
{
    const auto found = m_Content->globals.find(name);
    return found == m_Content->globals.end() ? nullptr : found->second;
}

void
SingletonIndex::SetGlobal(const char *name, void *object)
{
    m_Content->globals[name] = object;
}

void
SingletonIndex::CountInitialisation(const char *unit)
{
    m_Content->initialisations[unit]++;
}

int
SingletonIndex::GetNumberOfInitialisations() const
{
    int count = 0;
    for (const auto &unit : m_Content->initialisations) {
        count += unit.second;
    }
    return count;
}

unsigned long
SingletonIndex::NextTimeStamp()
{
    return ++m_Content->time;
}
} // namespace itk
