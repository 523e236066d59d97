#include "twins.h"

int32_t twin_bucket(uint64_t value)
{
    return (int32_t)twin_bucket_of(value);
}
