/* In a file of their own: calls that the compiler cannot look into, as readl and writel of a driver library are. */
#include "twins.h"

uint32_t twin_readl(const volatile void *address)
{
    return __atomic_load_n((const volatile uint32_t *)address, __ATOMIC_ACQUIRE);
}

void twin_writel(uint32_t value, volatile void *address)
{
    __atomic_store_n((volatile uint32_t *)address, value, __ATOMIC_RELEASE);
}
