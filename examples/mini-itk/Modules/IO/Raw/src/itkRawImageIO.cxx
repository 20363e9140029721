#include "itkRawImageIO.h"

#include <cstdio>

namespace itk {
// Behind the header; nullptr: not such a file.
static std::FILE *
open_raw(const char *name, unsigned long *width, unsigned long *height)
{
    std::FILE *file = std::fopen(name, "rb");
    if (file != nullptr &&
        std::fscanf(file, "RAW %5lu %5lu", width, height) == 2 &&
        std::fgetc(file) == '\n') {
        return file;
    }
    if (file != nullptr) {
        std::fclose(file);
    }
    return nullptr;
}

bool
RawImageIO::CanReadFile(const char *name)
{
    unsigned long width;
    unsigned long height;
    std::FILE *file = open_raw(name, &width, &height);
    if (file == nullptr) {
        return false;
    }
    std::fclose(file);
    return true;
}

bool
RawImageIO::Read(const char *name)
{
    unsigned long width;
    unsigned long height;
    std::FILE *file = open_raw(name, &width, &height);
    if (file == nullptr) {
        return false;
    }
    auto *data = new unsigned char[width * height + 1];
    const bool whole =
        std::fread(data, 1, width * height, file) == width * height;
    std::fclose(file);
    if (whole) {
        this->SetContent(width, height, data);
    }
    else {
        delete[] data;
    }
    return whole;
}
} // namespace itk
