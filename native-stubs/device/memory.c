/* Host memory as the device reaches it: mapped ranges, or the host's callbacks. */
#include <string.h>

#include "stub.h"

static bool callbacks(const ppu_device *device)
{
    return device->callbacks;
}

/* The first mapping that ends behind iova. */
static size_t first_behind(const ppu_device *device, uint64_t iova)
{
    size_t low = 0;
    size_t high = device->mapping_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (device->mappings[middle].iova + (device->mappings[middle].bytes - 1) < iova)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool well_formed(uint64_t iova, uint64_t bytes)
{
    return bytes != 0 && iova % STUB_PAGE == 0 && bytes % STUB_PAGE == 0 && iova + (bytes - 1) >= iova;
}

int32_t ppu_device_dma_map(ppu_device *device, uint64_t iova, uint64_t bytes, void *address, uint32_t rights)
{
    if (!well_formed(iova, bytes) || address == NULL || (uintptr_t)address % STUB_PAGE || rights == 0 || rights > (PPU_DMA_READ | PPU_DMA_WRITE))
        return stub_failure(PPU_E_INVALID, "mapping of 0x%llx bytes at IOVA 0x%llx with rights %u", (unsigned long long)bytes, (unsigned long long)iova, rights);
    if (callbacks(device))
        return stub_failure(PPU_E_UNSUPPORTED, "opened with dma=callbacks");
    int32_t outcome = PPU_OK;
    pthread_rwlock_wrlock(&device->memory_lock);
    size_t at = first_behind(device, iova);
    if (at < device->mapping_count && device->mappings[at].iova <= iova + (bytes - 1)) {
        outcome = stub_failure(PPU_E_OVERLAP, "IOVA 0x%llx, 0x%llx bytes, overlaps a mapping", (unsigned long long)iova, (unsigned long long)bytes);
    } else if (device->mapping_count == STUB_MAPPINGS) {
        outcome = stub_failure(PPU_E_NO_MEMORY, "all %d mappings are taken", STUB_MAPPINGS);
    } else {
        memmove(device->mappings + at + 1, device->mappings + at, (device->mapping_count - at) * sizeof *device->mappings);
        device->mappings[at] = (struct stub_mapping){.iova = iova, .bytes = bytes, .address = address, .rights = rights};
        device->mapping_count++;
    }
    pthread_rwlock_unlock(&device->memory_lock);
    return outcome;
}

int32_t ppu_device_dma_unmap(ppu_device *device, uint64_t iova, uint64_t bytes)
{
    int32_t outcome = PPU_OK;
    pthread_rwlock_wrlock(&device->memory_lock);
    size_t at = first_behind(device, iova);
    if (at < device->mapping_count && device->mappings[at].iova == iova && device->mappings[at].bytes == bytes) {
        device->mapping_count--;
        memmove(device->mappings + at, device->mappings + at + 1, (device->mapping_count - at) * sizeof *device->mappings);
    } else {
        outcome = stub_failure(PPU_E_INVALID, "nothing is mapped at IOVA 0x%llx with 0x%llx bytes", (unsigned long long)iova, (unsigned long long)bytes);
    }
    pthread_rwlock_unlock(&device->memory_lock);
    return outcome;
}

int32_t ppu_device_dma_refused(ppu_device *device, uint64_t *count, uint64_t *last_iova)
{
    pthread_mutex_lock(&device->lock);
    if (count != NULL)
        *count = device->refused;
    if (last_iova != NULL)
        *last_iova = device->refused_iova;
    pthread_mutex_unlock(&device->lock);
    return PPU_OK;
}

static bool refused(ppu_device *device, uint64_t iova)
{
    pthread_mutex_lock(&device->lock);
    device->refused++;
    device->refused_iova = iova;
    pthread_mutex_unlock(&device->lock);
    return false;
}

static bool master(ppu_device *device)
{
    pthread_mutex_lock(&device->lock);
    bool may = stub_bus_master(device);
    pthread_mutex_unlock(&device->lock);
    return may;
}

/* Whether every byte of a range may be used so; with memory_lock held. */
static bool granted(const ppu_device *device, uint64_t iova, uint64_t bytes, uint32_t right)
{
    if (iova + (bytes - 1) < iova)
        return false;
    uint64_t at = iova;
    for (size_t i = first_behind(device, iova); i < device->mapping_count; i++) {
        const struct stub_mapping *mapping = &device->mappings[i];
        if (mapping->iova > at || (mapping->rights & right) == 0)
            return false;
        uint64_t last = mapping->iova + (mapping->bytes - 1);
        if (last >= iova + (bytes - 1))
            return true;
        at = last + 1;
    }
    return false;
}

/* Moves a granted range; with memory_lock held. */
static void move(const ppu_device *device, uint64_t iova, uint8_t *buffer, uint64_t bytes, bool write)
{
    for (size_t i = first_behind(device, iova); bytes > 0; i++) {
        const struct stub_mapping *mapping = &device->mappings[i];
        uint64_t offset = iova - mapping->iova;
        uint64_t part = mapping->bytes - offset < bytes ? mapping->bytes - offset : bytes;
        if (write)
            memcpy(mapping->address + offset, buffer, part);
        else
            memcpy(buffer, mapping->address + offset, part);
        iova += part;
        buffer += part;
        bytes -= part;
    }
}

static bool transfer(ppu_device *device, uint64_t iova, void *buffer, uint64_t bytes, bool write)
{
    if (bytes == 0)
        return true;
    if (!master(device))
        return refused(device, iova);
    if (callbacks(device)) {
        const ppu_host *host = device->host;
        int32_t outcome = write ? host->dma_write(host->host, iova, buffer, bytes) : host->dma_read(host->host, iova, buffer, bytes);
        return outcome == PPU_OK || refused(device, iova);
    }
    pthread_rwlock_rdlock(&device->memory_lock);
    bool may = granted(device, iova, bytes, write ? PPU_DMA_WRITE : PPU_DMA_READ);
    if (may)
        move(device, iova, buffer, bytes, write);
    pthread_rwlock_unlock(&device->memory_lock);
    return may || refused(device, iova);
}

bool stub_read(ppu_device *device, uint64_t iova, void *buffer, uint64_t bytes)
{
    return transfer(device, iova, buffer, bytes, false);
}

bool stub_write(ppu_device *device, uint64_t iova, const void *buffer, uint64_t bytes)
{
    return transfer(device, iova, (void *)(uintptr_t)buffer, bytes, true);
}

/* Where an aligned value lies, with memory_lock held for reading if the answer is not NULL. */
static void *value_at(ppu_device *device, uint64_t iova, uint64_t bytes, uint32_t right)
{
    if (iova % bytes || !master(device))
        return NULL;
    pthread_rwlock_rdlock(&device->memory_lock);
    if (granted(device, iova, bytes, right)) {
        const struct stub_mapping *mapping = &device->mappings[first_behind(device, iova)];
        return mapping->address + (iova - mapping->iova);
    }
    pthread_rwlock_unlock(&device->memory_lock);
    return NULL;
}

bool stub_publish32(ppu_device *device, uint64_t iova, uint32_t value)
{
    if (callbacks(device))
        return stub_write(device, iova, &value, sizeof value);
    uint32_t *place = value_at(device, iova, sizeof value, PPU_DMA_WRITE);
    if (place == NULL)
        return refused(device, iova);
    __atomic_store_n(place, value, __ATOMIC_RELEASE);
    pthread_rwlock_unlock(&device->memory_lock);
    return true;
}

bool stub_publish64(ppu_device *device, uint64_t iova, uint64_t value)
{
    if (callbacks(device))
        return stub_write(device, iova, &value, sizeof value);
    uint64_t *place = value_at(device, iova, sizeof value, PPU_DMA_WRITE);
    if (place == NULL)
        return refused(device, iova);
    __atomic_store_n(place, value, __ATOMIC_RELEASE);
    pthread_rwlock_unlock(&device->memory_lock);
    return true;
}

bool stub_acquire32(ppu_device *device, uint64_t iova, uint32_t *value)
{
    if (callbacks(device))
        return stub_read(device, iova, value, sizeof *value);
    uint32_t *place = value_at(device, iova, sizeof *value, PPU_DMA_READ);
    if (place == NULL)
        return refused(device, iova);
    *value = __atomic_load_n(place, __ATOMIC_ACQUIRE);
    pthread_rwlock_unlock(&device->memory_lock);
    return true;
}
