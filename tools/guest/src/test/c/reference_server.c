/*
 * A small device on libvfio-user's server library, for our client: registers by messages, a BAR that is mapped in part, MSI-X, DMA by messages from within the write that asks for it, DMA by mapping.
 *
 * reference_server SOCKET
 */
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "libvfio-user.h"
#include "pci_caps/msix.h"

enum {
    ID = 0x00, /* ro */
    ADDRESS = 0x08, /* 64 bits */
    LENGTH = 0x10,
    PATTERN = 0x14,
    COMMAND = 0x18, /* does it before the write is answered */
    RESULT = 0x1c, /* ro */
    TRIGGER = 0x20, /* a vector */
    RANGES = 0x24, /* ro: mapped now */
    RESETS = 0x28, /* ro */
    TABLE = 0x800, /* of vectors; pending bits */
    PENDING = 0xc00,

    FILL_BY_MESSAGES = 1,
    SUM_BY_MESSAGES = 2,
    FILL_BY_MAPPING = 3,
    SUM_BY_MAPPING = 4,

    VECTORS = 4,
    PAGE = 4096,
    LONGEST = 1 << 16
};

struct device {
    uint32_t registers[PAGE / 4];
    uint8_t *memory; /* BAR2 */
};

static uint32_t
sum(const uint8_t *bytes, size_t count)
{
    uint32_t total = 0;

    for (size_t i = 0; i < count; i++) {
        total = total * 31 + bytes[i];
    }
    return total;
}

static int
by_messages(vfu_ctx_t *context, struct device *device, dma_sg_t *where, size_t length, bool fill)
{
    static uint8_t bytes[LONGEST];

    memset(bytes, (int)device->registers[PATTERN / 4], length);
    if ((fill ? vfu_sgl_write(context, where, 1, bytes) : vfu_sgl_read(context, where, 1, bytes)) < 0) {
        return -1;
    }
    device->registers[RESULT / 4] = sum(bytes, length);
    return 0;
}

static int
by_mapping(vfu_ctx_t *context, struct device *device, dma_sg_t *where, size_t length, bool fill)
{
    struct iovec there;

    if (vfu_sgl_get(context, where, &there, 1, 0) < 0) {
        return -1;
    }
    if (fill) {
        memset(there.iov_base, (int)device->registers[PATTERN / 4], length);
    }
    device->registers[RESULT / 4] = sum(there.iov_base, length);
    vfu_sgl_put(context, where, &there, 1);
    return 0;
}

static int
carry_out(vfu_ctx_t *context, struct device *device, uint32_t command)
{
    dma_sg_t *where = calloc(1, dma_sg_size());
    uint64_t address;
    uint32_t length = device->registers[LENGTH / 4];
    bool fill = command == FILL_BY_MESSAGES || command == FILL_BY_MAPPING;
    int status = -1;

    memcpy(&address, &device->registers[ADDRESS / 4], sizeof(address));
    if (length <= LONGEST && vfu_addr_to_sgl(context, (vfu_dma_addr_t)address, length, where, 1, fill ? PROT_WRITE : PROT_READ) == 1) {
        status = command <= SUM_BY_MESSAGES ? by_messages(context, device, where, length, fill)
                : by_mapping(context, device, where, length, fill);
    }
    free(where);
    return status;
}

static ssize_t
registers(vfu_ctx_t *context, char *const buffer, size_t count, loff_t offset, const bool write)
{
    struct device *device = vfu_get_private(context);
    uint32_t value = 0;
    int status = 0;

    if (offset + count > PAGE || (count != 4 && count != 8)) {
        errno = EINVAL;
        return -1;
    }
    if (!write) {
        memcpy(buffer, (char *)device->registers + offset, count);
        return (ssize_t)count;
    }
    memcpy(&value, buffer, sizeof(value));
    if (offset == COMMAND) {
        status = carry_out(context, device, value);
    } else if (offset == TRIGGER) {
        status = vfu_irq_trigger(context, value);
    } else if (offset == ADDRESS || offset == LENGTH || offset == PATTERN || (offset >= TABLE && offset < PENDING)) {
        memcpy((char *)device->registers + offset, buffer, count);
    }
    return status < 0 ? -1 : (ssize_t)count;
}

static ssize_t
middle_page(vfu_ctx_t *context, char *const buffer, size_t count, loff_t offset, const bool write)
{
    struct device *device = vfu_get_private(context);

    memcpy(write ? (char *)device->memory + offset : buffer, write ? buffer : (char *)device->memory + offset, count);
    return (ssize_t)count;
}

static void
mapped(vfu_ctx_t *context, vfu_dma_info_t *range)
{
    (void)range;
    ((struct device *)vfu_get_private(context))->registers[RANGES / 4]++;
}

static void
unmapped(vfu_ctx_t *context, vfu_dma_info_t *range)
{
    (void)range;
    ((struct device *)vfu_get_private(context))->registers[RANGES / 4]--;
}

static int
reset(vfu_ctx_t *context, vfu_reset_type_t type)
{
    if (type == VFU_RESET_DEVICE) {
        ((struct device *)vfu_get_private(context))->registers[RESETS / 4]++;
    }
    return 0;
}

static void
say(vfu_ctx_t *context, int level, const char *text)
{
    (void)context;
    (void)level;
    fprintf(stderr, "library: %s\n", text);
}

static void
must(int status, const char *what)
{
    if (status < 0) {
        err(EXIT_FAILURE, "%s", what);
    }
}

int
main(int argc, char *argv[])
{
    struct msixcap msix = { .hdr.id = 0x11, .mxc.ts = VECTORS - 1, .mtab.to = TABLE / 8, .mpba.pbao = PENDING / 8 };
    struct iovec areas[] = { { .iov_base = (void *)0, .iov_len = PAGE }, { .iov_base = (void *)(2 * PAGE), .iov_len = PAGE } };
    struct device device = { .registers = { 0x0810cafe } };
    vfu_ctx_t *context;
    int file;

    if (argc != 2) {
        errx(EXIT_FAILURE, "usage: reference_server SOCKET");
    }
    file = memfd_create("bar2", 0);
    must(ftruncate(file, 3 * PAGE), "BAR2");
    device.memory = mmap(NULL, 3 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    context = vfu_create_ctx(VFU_TRANS_SOCK, argv[1], 0, &device, VFU_DEV_TYPE_PCI);
    must(context == NULL ? -1 : 0, "context");
    must(vfu_setup_log(context, say, 4), "log");
    must(vfu_pci_init(context, VFU_PCI_TYPE_EXPRESS, 0, 0), "PCI");
    vfu_pci_set_id(context, 0x1234, 0x5678, 0, 0);
    must((int)vfu_pci_add_capability(context, 0, 0, &msix), "MSI-X");
    must(vfu_setup_region(context, VFU_PCI_DEV_BAR0_REGION_IDX, PAGE, registers, VFU_REGION_FLAG_RW | VFU_REGION_FLAG_MEM, NULL, 0, -1, 0), "BAR0");
    must(vfu_setup_region(context, VFU_PCI_DEV_BAR2_REGION_IDX, 3 * PAGE, middle_page, VFU_REGION_FLAG_RW | VFU_REGION_FLAG_MEM, areas, 2, file, 0), "BAR2");
    must(vfu_setup_device_dma(context, mapped, unmapped), "DMA");
    must(vfu_setup_device_reset_cb(context, reset), "reset");
    must(vfu_setup_device_nr_irqs(context, VFU_DEV_MSIX_IRQ, VECTORS), "vectors");
    must(vfu_realize_ctx(context), "device");
    printf("ready\n");
    fflush(stdout);
    must(vfu_attach_ctx(context), "client");
    while (vfu_run_ctx(context) >= 0 || errno == EINTR) {
    }
    printf("left: %s, %u ranges, %u resets\n", strerror(errno), device.registers[RANGES / 4], device.registers[RESETS / 4]);
    vfu_destroy_ctx(context);
    return EXIT_SUCCESS;
}
