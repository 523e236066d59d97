/* The functions of ppu_device.h. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "stub.h"

static _Thread_local char last_error[256];

int32_t stub_failure(int32_t result, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(last_error, sizeof last_error, format, arguments);
    va_end(arguments);
    return result;
}

const char *ppu_device_error(ppu_device *device)
{
    (void)device;
    return last_error;
}

uint32_t ppu_device_abi(void)
{
    return PPU_DEVICE_ABI;
}

static uint64_t monotonic(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

uint64_t stub_nanos(const ppu_device *device)
{
    return monotonic() - device->origin;
}

/* The one option that there is. */
static int32_t take_options(ppu_device *device, const char *options)
{
    if (options == NULL || *options == '\0')
        return PPU_OK;
    if (strcmp(options, "dma=callbacks") == 0) {
        device->callbacks = true;
        return PPU_OK;
    }
    if (strcmp(options, "dma=mapped") == 0)
        return PPU_OK;
    return stub_failure(PPU_E_OPTION, "options '%s': there is one, dma=mapped or dma=callbacks", options);
}

static int32_t begin(ppu_device *device)
{
    pthread_condattr_t monotonic_clock;
    if (pthread_condattr_init(&monotonic_clock) != 0)
        return stub_failure(PPU_E_NO_MEMORY, "no condition variable to be had");
    pthread_condattr_setclock(&monotonic_clock, CLOCK_MONOTONIC);
    int failed = pthread_cond_init(&device->work, &monotonic_clock);
    pthread_condattr_destroy(&monotonic_clock);
    if (failed || pthread_mutex_init(&device->lock, NULL) || pthread_rwlock_init(&device->memory_lock, NULL))
        return stub_failure(PPU_E_NO_MEMORY, "no locks to be had");
    device->origin = monotonic();
    for (int i = 0; i < STUB_VECTORS; i++)
        device->vectors[i].descriptor = -1;
    stub_config_reset(device, PPU_RESET_COLD);
    stub_registers_reset(device, PPU_RESET_COLD);
    stub_interrupt_reset(device);
    int error = pthread_create(&device->worker, NULL, stub_worker, device);
    return error ? stub_failure(PPU_E_NO_MEMORY, "no thread to be had: %s", strerror(error)) : PPU_OK;
}

int32_t ppu_device_open(const char *options, const ppu_host *host, ppu_device **result)
{
    if (host == NULL || result == NULL || host->struct_size < sizeof(ppu_host))
        return stub_failure(PPU_E_INVALID, "open without a host, or with one that is too small");
    ppu_device *device = calloc(1, sizeof *device);
    if (device == NULL)
        return stub_failure(PPU_E_NO_MEMORY, "no memory for a device");
    device->host = host;
    device->memory = aligned_alloc(STUB_PAGE, STUB_MEMORY_BYTES);
    device->mappings = calloc(STUB_MAPPINGS, sizeof *device->mappings);
    int32_t outcome = device->memory && device->mappings ? take_options(device, options) : stub_failure(PPU_E_NO_MEMORY, "no memory for a device");
    if (outcome == PPU_OK) {
        memset(device->memory, 0, STUB_MEMORY_BYTES);
        outcome = begin(device);
    }
    if (outcome != PPU_OK) {
        free(device->memory);
        free(device->mappings);
        free(device);
        return outcome;
    }
    *result = device;
    return PPU_OK;
}

void ppu_device_close(ppu_device *device)
{
    if (device == NULL)
        return;
    pthread_mutex_lock(&device->lock);
    device->closing = true;
    pthread_cond_broadcast(&device->work);
    pthread_mutex_unlock(&device->lock);
    pthread_join(device->worker, NULL);
    pthread_cond_destroy(&device->work);
    pthread_rwlock_destroy(&device->memory_lock);
    pthread_mutex_destroy(&device->lock);
    free(device->memory);
    free(device->mappings);
    free(device);
}

int32_t ppu_device_get_info(ppu_device *device, ppu_device_info *info)
{
    (void)device;
    if (info == NULL || info->struct_size < sizeof info->struct_size)
        return stub_failure(PPU_E_INVALID, "info without a size");
    ppu_device_info all = {
        .struct_size = info->struct_size,
        .flags = PPU_DEVICE_SIMULATED,
        .description = "reference device in C: one queue, one DMA channel",
        .config_bytes = STUB_CONFIG_BYTES,
        .vectors = STUB_VECTORS,
        .resets = 1u << PPU_RESET_FUNCTION_LEVEL | 1u << PPU_RESET_SECONDARY_BUS | 1u << PPU_RESET_COLD,
    };
    all.bars[0].size = STUB_BAR_BYTES;
    all.bars[2] = (ppu_device_bar){.size = STUB_MEMORY_BYTES, .flags = PPU_BAR_WIDE | PPU_BAR_PREFETCHABLE | PPU_BAR_MAPPABLE};
    all.bars[4] = (ppu_device_bar){.size = STUB_BAR_BYTES, .flags = PPU_BAR_WIDE};
    memcpy(info, &all, info->struct_size < sizeof all ? info->struct_size : sizeof all);
    return PPU_OK;
}

/* ---------------------------------------------------------------- accesses */

static bool natural(uint64_t offset, uint32_t bytes, uint64_t size)
{
    return offset % bytes == 0 && offset < size && bytes <= size - offset;
}

static bool config_access(uint32_t offset, uint32_t bytes)
{
    return (bytes == 1 || bytes == 2 || bytes == 4) && natural(offset, bytes, STUB_CONFIG_BYTES);
}

int32_t ppu_device_config_read(ppu_device *device, uint32_t offset, uint32_t bytes, uint32_t *value)
{
    if (!config_access(offset, bytes))
        return stub_failure(PPU_E_INVALID, "config read of %u bytes at 0x%x", bytes, offset);
    pthread_mutex_lock(&device->lock);
    *value = stub_config_read(device, offset, bytes);
    pthread_mutex_unlock(&device->lock);
    return PPU_OK;
}

int32_t ppu_device_config_write(ppu_device *device, uint32_t offset, uint32_t bytes, uint32_t value)
{
    if (!config_access(offset, bytes))
        return stub_failure(PPU_E_INVALID, "config write of %u bytes at 0x%x", bytes, offset);
    pthread_mutex_lock(&device->lock);
    bool reset = stub_config_write(device, offset, bytes, value);
    if (!reset)
        stub_send_pending(device);
    pthread_mutex_unlock(&device->lock);
    return reset ? ppu_device_reset(device, PPU_RESET_FUNCTION_LEVEL) : PPU_OK;
}

static uint64_t bar_size(uint32_t bar)
{
    return bar == 0 || bar == 4 ? STUB_BAR_BYTES : bar == 2 ? STUB_MEMORY_BYTES : 0;
}

static int32_t check_bar_access(uint32_t bar, uint64_t offset, uint32_t bytes)
{
    bool size = bytes == 1 || bytes == 2 || bytes == 4 || bytes == 8;
    if (!size || bar_size(bar) == 0 || !natural(offset, bytes, bar_size(bar)))
        return stub_failure(PPU_E_INVALID, "access of %u bytes at 0x%llx of BAR%u", bytes, (unsigned long long)offset, bar);
    return PPU_OK;
}

static uint64_t memory_read(const ppu_device *device, uint64_t offset, uint32_t bytes)
{
    switch (bytes) {
    case 1: return __atomic_load_n(device->memory + offset, __ATOMIC_ACQUIRE);
    case 2: return __atomic_load_n((uint16_t *)(device->memory + offset), __ATOMIC_ACQUIRE);
    case 4: return __atomic_load_n((uint32_t *)(device->memory + offset), __ATOMIC_ACQUIRE);
    default: return __atomic_load_n((uint64_t *)(device->memory + offset), __ATOMIC_ACQUIRE);
    }
}

static void memory_write(ppu_device *device, uint64_t offset, uint32_t bytes, uint64_t value)
{
    switch (bytes) {
    case 1: __atomic_store_n(device->memory + offset, (uint8_t)value, __ATOMIC_RELEASE); break;
    case 2: __atomic_store_n((uint16_t *)(device->memory + offset), (uint16_t)value, __ATOMIC_RELEASE); break;
    case 4: __atomic_store_n((uint32_t *)(device->memory + offset), (uint32_t)value, __ATOMIC_RELEASE); break;
    default: __atomic_store_n((uint64_t *)(device->memory + offset), value, __ATOMIC_RELEASE); break;
    }
}

int32_t ppu_device_bar_read(ppu_device *device, uint32_t bar, uint64_t offset, uint32_t bytes, uint64_t *value)
{
    int32_t outcome = check_bar_access(bar, offset, bytes);
    if (outcome != PPU_OK)
        return outcome;
    pthread_mutex_lock(&device->lock);
    if (!stub_memory_enabled(device))
        *value = UINT64_MAX >> (64 - 8 * bytes);
    else if (bar == 2)
        *value = memory_read(device, offset, bytes);
    else
        *value = bar == 0 ? stub_register_read(device, offset, bytes) : stub_doorbell_read(device, offset, bytes);
    pthread_mutex_unlock(&device->lock);
    return PPU_OK;
}

int32_t ppu_device_bar_write(ppu_device *device, uint32_t bar, uint64_t offset, uint32_t bytes, uint64_t value)
{
    int32_t outcome = check_bar_access(bar, offset, bytes);
    if (outcome != PPU_OK)
        return outcome;
    pthread_mutex_lock(&device->lock);
    if (stub_memory_enabled(device)) {
        if (bar == 2)
            memory_write(device, offset, bytes, value);
        else if (bar == 0)
            stub_register_write(device, offset, bytes, value);
        else
            stub_doorbell_write(device, offset, bytes, value);
    }
    pthread_mutex_unlock(&device->lock);
    return PPU_OK;
}

int32_t ppu_device_bar_map(ppu_device *device, uint32_t bar, uint64_t offset, uint64_t bytes, void **address)
{
    if (bar >= PPU_DEVICE_BARS || offset % STUB_PAGE || bytes % STUB_PAGE || bytes == 0 || offset > bar_size(bar) || bytes > bar_size(bar) - offset)
        return stub_failure(PPU_E_INVALID, "mapping of 0x%llx bytes at 0x%llx of BAR%u", (unsigned long long)bytes, (unsigned long long)offset, bar);
    if (bar != 2)
        return stub_failure(PPU_E_UNSUPPORTED, "BAR%u traps", bar);
    *address = device->memory + offset;
    return PPU_OK;
}

/* ---------------------------------------------------------------- interrupts, reset, time */

int32_t ppu_device_set_interrupt(ppu_device *device, uint32_t vector, int32_t descriptor)
{
    if (vector >= STUB_VECTORS || descriptor < -1)
        return stub_failure(PPU_E_INVALID, "descriptor %d for vector %u of %u", descriptor, vector, (unsigned)STUB_VECTORS);
    pthread_mutex_lock(&device->lock);
    device->vectors[vector].descriptor = descriptor;
    pthread_mutex_unlock(&device->lock);
    return PPU_OK;
}

int32_t ppu_device_reset(ppu_device *device, uint32_t kind)
{
    if (kind > PPU_RESET_COLD)
        return stub_failure(PPU_E_UNSUPPORTED, "reset of kind %u", kind);
    pthread_mutex_lock(&device->lock);
    stub_register_write(device, PPU_BAR0_QUEUE_CONTROL_ADDR(0), 4, PPU_BAR0_QUEUE_CONTROL_RESET_MASK);
    while (device->busy)
        pthread_cond_wait(&device->work, &device->lock);
    stub_config_reset(device, kind);
    stub_interrupt_reset(device);
    stub_registers_reset(device, kind);
    if (kind == PPU_RESET_COLD)
        memset(device->memory, 0, STUB_MEMORY_BYTES);
    pthread_cond_broadcast(&device->work);
    pthread_mutex_unlock(&device->lock);
    return PPU_OK;
}

int32_t ppu_device_time(ppu_device *device, uint64_t *nanos)
{
    *nanos = stub_nanos(device);
    return PPU_OK;
}
