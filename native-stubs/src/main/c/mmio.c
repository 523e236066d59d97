#include "twins.h"

int64_t twin_register_reads(struct twin_mmio *device, uint64_t offset, int64_t count, uint32_t *last)
{
    uint32_t sum = 0;
    int64_t start = twin_now();
    for (int64_t i = 0; i < count; i++)
        sum += twin_readl((char *)device->bar + offset);
    int64_t nanos = twin_now() - start;
    *last = sum;
    return nanos;
}

int64_t twin_register_writes(struct twin_mmio *device, uint64_t offset, int64_t count)
{
    int64_t start = twin_now();
    for (int64_t i = 0; i < count; i++)
        twin_writel((uint32_t)i, (char *)device->bar + offset);
    return twin_now() - start;
}
