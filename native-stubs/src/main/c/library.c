#include "twins.h"

#include <dlfcn.h>
#include <stdlib.h>

#include "ppu_device.h"

enum { COMMAND = 4, MEMORY_SPACE = 2 };

struct twin_library {
    void *handle;
    ppu_device *device;
    ppu_host host;
    __typeof__(&ppu_device_open) open;
    __typeof__(&ppu_device_close) close;
    __typeof__(&ppu_device_config_write) config_write;
    __typeof__(&ppu_device_bar_read) bar_read;
};

static void twin_library_free(struct twin_library *library)
{
    if (library->handle)
        dlclose(library->handle);
    free(library);
}

static int twin_library_link(struct twin_library *library)
{
    library->open = (__typeof__(library->open))dlsym(library->handle, "ppu_device_open");
    library->close = (__typeof__(library->close))dlsym(library->handle, "ppu_device_close");
    library->config_write = (__typeof__(library->config_write))dlsym(library->handle, "ppu_device_config_write");
    library->bar_read = (__typeof__(library->bar_read))dlsym(library->handle, "ppu_device_bar_read");
    return library->open && library->close && library->config_write && library->bar_read;
}

struct twin_library *twin_library_open(const char *path)
{
    struct twin_library *library = calloc(1, sizeof *library);
    if (!library)
        return NULL;
    library->handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    library->host.struct_size = sizeof library->host;
    if (!library->handle || !twin_library_link(library) || library->open("", &library->host, &library->device) < 0) {
        twin_library_free(library);
        return NULL;
    }
    library->config_write(library->device, COMMAND, 2, MEMORY_SPACE);
    return library;
}

void twin_library_close(struct twin_library *library)
{
    library->close(library->device);
    twin_library_free(library);
}

int64_t twin_library_reads(struct twin_library *library, uint32_t bar, uint64_t offset, int64_t count, uint32_t *sum)
{
    uint32_t all = 0;
    int64_t start = twin_now();
    for (int64_t i = 0; i < count; i++) {
        uint64_t value = 0;
        library->bar_read(library->device, bar, offset, 4, &value);
        all += (uint32_t)value;
    }
    int64_t nanos = twin_now() - start;
    *sum = all;
    return nanos;
}
