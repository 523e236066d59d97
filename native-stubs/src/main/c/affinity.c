#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>

#include "twins.h"

int32_t twin_get_affinity(void *mask, uint64_t bytes)
{
    return sched_getaffinity(0, bytes, mask) < 0 ? -errno : 0;
}

int32_t twin_set_affinity(const void *mask, uint64_t bytes)
{
    return sched_setaffinity(0, bytes, mask) < 0 ? -errno : 0;
}

int twin_pin(int32_t cpu)
{
    if (cpu < 0)
        return 0;
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET((unsigned)cpu, &set);
    return twin_set_affinity(&set, sizeof set);
}
