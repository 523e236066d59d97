#include <string.h>

#include "twins.h"

int64_t twin_copies(void *destination, const void *source, uint64_t bytes, int64_t count)
{
    int64_t start = twin_now();
    for (int64_t i = 0; i < count; i++) {
        memcpy(destination, source, bytes);
        __asm__ volatile("" ::: "memory");
    }
    return twin_now() - start;
}
