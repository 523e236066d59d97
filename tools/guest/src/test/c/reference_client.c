/*
 * Drives a served PPU by libvfio-user's own client: what its sample is made of, with a PPU's registers in place of the sample server's.
 * Prints what it finds, a line each; ends with status 1 at the first thing that is not as the protocol says.
 *
 * reference_client SOCKET IMAGE
 *
 * Compiled with the PPU's registers and values as macros (ReferenceImplementationTest), and with libvfio-user's samples on the include path.
 */
#define main sample_main
#include "client.c"
#undef main
#include <fcntl.h>
#include <poll.h>

enum {
    TRAPPED = 0x100000, /* IOVA of memory that is reached by messages */
    SHARED = 0x800000, /* IOVA of memory whose file the server has */
    VECTORS = 65,
    COMMAND = 4,
    MEMORY_AND_MASTER = 6
};

static uint32_t
read32(int sock, int region, uint64_t offset)
{
    uint32_t value;

    if (access_region(sock, region, false, offset, &value, sizeof(value)) != 0) {
        err(EXIT_FAILURE, "cannot read region %d at %#lx", region, offset);
    }
    return value;
}

static void
write_region(int sock, int region, uint64_t offset, uint64_t value, size_t bytes)
{
    if (access_region(sock, region, true, offset, &value, bytes) != 0) {
        err(EXIT_FAILURE, "cannot write region %d at %#lx", region, offset);
    }
}

static uint32_t
boot_status(int sock)
{
    return read32(sock, VFU_PCI_DEV_BAR0_REGION_IDX, BOOT_STATUS);
}

static uint32_t
boot_state(int sock)
{
    return boot_status(sock) & STATE_MASK;
}

static void
await_state(int sock, uint32_t state)
{
    int i;

    for (i = 0; i < 1000 && boot_state(sock) != state; i++) {
        usleep(10000);
    }
    if (boot_state(sock) != state) {
        errx(EXIT_FAILURE, "boot.status is %#x, and not in state %u", boot_status(sock), state);
    }
}

static void
switch_on(int sock)
{
    uint16_t command = MEMORY_AND_MASTER;

    if (access_region(sock, VFU_PCI_DEV_CFG_REGION_IDX, true, COMMAND, &command, sizeof(command)) != 0) {
        err(EXIT_FAILURE, "cannot write the command register");
    }
    await_state(sock, ROM_READY);
}

static int
event_of_vector_0(int sock)
{
    struct vfio_irq_info info = { .argsz = sizeof(info), .index = VFU_DEV_MSIX_IRQ };
    struct vfio_irq_set set = { .argsz = sizeof(set), .flags = VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER,
            .index = VFU_DEV_MSIX_IRQ, .start = 0, .count = 1 };
    struct iovec iovecs[2] = { [1] = { .iov_base = &set, .iov_len = sizeof(set) } };
    int event = eventfd(0, 0);

    if (tran_sock_msg(sock, 1, VFIO_USER_DEVICE_GET_IRQ_INFO, &info, sizeof(info), NULL, &info, sizeof(info)) < 0) {
        err(EXIT_FAILURE, "cannot ask for the vectors");
    }
    if (info.count != VECTORS) {
        errx(EXIT_FAILURE, "%u vectors", info.count);
    }
    if (tran_sock_msg_iovec(sock, 2, VFIO_USER_DEVICE_SET_IRQS, iovecs, ARRAY_SIZE(iovecs), &event, 1, NULL, NULL, 0, NULL, 0) < 0) {
        err(EXIT_FAILURE, "cannot have vector 0 signalled");
    }
    return event;
}

static void
map(int sock, uint64_t iova, uint64_t bytes, int fd)
{
    struct vfio_user_dma_map range = { .argsz = sizeof(range), .flags = VFIO_USER_F_DMA_REGION_READ | VFIO_USER_F_DMA_REGION_WRITE,
            .offset = fd < 0 ? 0 : iova, .addr = iova, .size = bytes };
    struct iovec iovecs[2] = { [1] = { .iov_base = &range, .iov_len = sizeof(range) } };

    if (tran_sock_msg_iovec(sock, 3, VFIO_USER_DMA_MAP, iovecs, ARRAY_SIZE(iovecs), &fd, fd < 0 ? 0 : 1, NULL, NULL, 0, NULL, 0) < 0) {
        err(EXIT_FAILURE, "cannot map %#lx", iova);
    }
}

static void
unmap(int sock, uint64_t iova, uint64_t bytes, uint32_t flags)
{
    struct vfio_user_dma_unmap range = { .argsz = sizeof(range), .flags = flags, .addr = iova, .size = bytes };

    if (tran_sock_msg(sock, 4, VFIO_USER_DMA_UNMAP, &range, sizeof(range), NULL, &range, sizeof(range)) < 0) {
        err(EXIT_FAILURE, "cannot unmap %#lx", iova);
    }
}

/*
 * The write that begins it is not waited for alone: the device asks for memory before or after it is answered, and interrupts meanwhile. Takes part in all that until it has been asked for so many bytes at least, and
 * returns how often that was.
 */
static int
boot(int sock, int event, uint64_t iova, uint32_t bytes, int file, uint64_t least)
{
    struct vfio_user_dma_map whole = { .addr = 0, .size = UINT64_MAX };
    struct vfio_user_region_access access = { .offset = BOOT_COMMAND,
            .region = VFU_PCI_DEV_BAR0_REGION_IDX, .count = sizeof(uint32_t) };
    uint32_t start = START_FROM_HOST;
    struct iovec iovecs[3] = { [1] = { .iov_base = &access, .iov_len = sizeof(access) },
            [2] = { .iov_base = &start, .iov_len = sizeof(start) } };
    bool answered = false;
    uint64_t count = 0, given = 0;
    int asked = 0;

    write_region(sock, VFU_PCI_DEV_BAR0_REGION_IDX, BOOT_IMAGE_ADDRESS, iova, 8);
    write_region(sock, VFU_PCI_DEV_BAR0_REGION_IDX, BOOT_IMAGE_SIZE, bytes, 4);
    write_region(sock, VFU_PCI_DEV_BAR0_REGION_IDX, INTERRUPTS_ENABLE,
                 BOOT_CAUSE, 4);
    if (tran_sock_send_iovec(sock, 5, false, VFIO_USER_REGION_WRITE, iovecs, ARRAY_SIZE(iovecs), NULL, 0, 0) < 0) {
        err(EXIT_FAILURE, "cannot start");
    }
    while (!answered || count == 0 || given < least) {
        struct pollfd polled[2] = { { .fd = sock, .events = POLLIN }, { .fd = event, .events = POLLIN } };

        if (poll(polled, 2, 20000) <= 0) {
            errx(EXIT_FAILURE, "nothing comes any more: answered %d, interrupts %lu, asked for memory %d times", answered, count, asked);
        }
        if ((polled[0].revents & POLLIN) != 0) {
            struct {
                struct vfio_user_header header;
                struct vfio_user_dma_region_access access;
            } next; /* a reply to a write is as long */

            if (recv(sock, &next, sizeof(next), MSG_PEEK | MSG_WAITALL) != sizeof(next)) {
                err(EXIT_FAILURE, "the server is gone");
            }
            if (next.header.cmd == VFIO_USER_DMA_READ) {
                handle_dma_read(sock, &whole, 1, &file);
                asked++;
                given += next.access.count;
            } else {
                struct vfio_user_region_access reply;
                size_t size = sizeof(reply);
                uint16_t id = 5;

                if (tran_sock_recv(sock, &next.header, true, &id, &reply, &size) < 0 || reply.count != sizeof(start)) {
                    err(EXIT_FAILURE, "the start was refused");
                }
                answered = true;
            }
        } else if (read(event, &count, sizeof(count)) != sizeof(count)) {
            err(EXIT_FAILURE, "cannot take the interrupt");
        }
    }
    return asked;
}

int
main(int argc, char *argv[])
{
    struct vfio_user_device_info info = { .argsz = sizeof(info) };
    struct vfio_irq_set off = { .argsz = sizeof(off), .flags = VFIO_IRQ_SET_DATA_NONE | VFIO_IRQ_SET_ACTION_TRIGGER,
            .index = VFU_DEV_MSIX_IRQ };
    char name[] = "/tmp/reference-client.XXXXXX";
    char *image;
    uint64_t room;
    size_t most_bytes, page;
    int sock, most_fds, file, from, event, asked;
    uint32_t bytes, i;

    if (argc != 3) {
        errx(EXIT_FAILURE, "usage: reference_client SOCKET IMAGE");
    }
    from = open(argv[2], O_RDONLY);
    bytes = (uint32_t)lseek(from, 0, SEEK_END);
    room = (bytes + 4095) & ~4095ul;
    image = calloc(1, room);
    if (from < 0 || image == NULL || pread(from, image, bytes, 0) != (ssize_t)bytes) {
        err(EXIT_FAILURE, "cannot read %s", argv[2]);
    }
    file = mkstemp(name);
    unlink(name);
    if (file < 0 || pwrite(file, image, room, TRAPPED) != (ssize_t)room || pwrite(file, image, room, SHARED) != (ssize_t)room) {
        err(EXIT_FAILURE, "cannot prepare memory");
    }

    sock = init_sock(argv[1]);
    negotiate(sock, &most_fds, &most_bytes, &page);
    printf("negotiated %d descriptors, %lu bytes, pages of %lu\n", most_fds, most_bytes, page);
    if (access_region(sock, 0xdeadbeef, false, 0, &i, sizeof(i)) != -1 || errno != EINVAL) {
        errx(EXIT_FAILURE, "a region that is not there is no EINVAL");
    }
    if (tran_sock_msg(sock, 6, VFIO_USER_DEVICE_GET_INFO, &info, sizeof(info), NULL, &info, sizeof(info)) < 0) {
        err(EXIT_FAILURE, "cannot ask what the device is");
    }
    printf("device %#x, %u regions, %u kinds of interrupts\n", info.flags, info.num_regions, info.num_irqs);
    for (i = 0; i < info.num_regions; i++) {
        get_device_region_info(sock, i);
    }
    printf("ids %08x\n", read32(sock, VFU_PCI_DEV_CFG_REGION_IDX, 0));
    send_device_reset(sock);
    switch_on(sock);
    printf("magic %08x\n", read32(sock, VFU_PCI_DEV_BAR0_REGION_IDX, ID_MAGIC));

    map(sock, TRAPPED, room, -1);
    map(sock, SHARED, room, file);
    event = event_of_vector_0(sock);
    asked = boot(sock, event, TRAPPED, bytes, file, bytes);
    await_state(sock, RUNNING);
    printf("firmware of %u bytes runs, asked for in %s messages of at most %u bytes\n", bytes,
           asked == (int)((bytes + CLIENT_MAX_DATA_XFER_SIZE - 1) / CLIENT_MAX_DATA_XFER_SIZE) ? "as few as possible" : "many",
           CLIENT_MAX_DATA_XFER_SIZE);

    send_device_reset(sock);
    switch_on(sock);
    event = event_of_vector_0(sock); /* a reset has switched it off */
    printf("firmware runs from shared memory, asked for in %d messages\n", boot(sock, event, SHARED, bytes, file, 0));
    await_state(sock, RUNNING);

    unmap(sock, SHARED, room, 0);
    send_device_reset(sock);
    switch_on(sock);
    event = event_of_vector_0(sock);
    asked = boot(sock, event, SHARED, bytes, file, 0);
    await_state(sock, ROM_READY); /* the interrupt may be that of the begin */
    printf("firmware from what was unmapped: state %u, error %u, asked for in %d messages\n", boot_state(sock),
           boot_status(sock) >> 8 & 0xff, asked);
    unmap(sock, 0, 0, VFIO_DMA_UNMAP_FLAG_ALL);
    if (tran_sock_msg(sock, 7, VFIO_USER_DEVICE_SET_IRQS, &off, sizeof(off), NULL, NULL, 0) < 0) {
        err(EXIT_FAILURE, "cannot switch the vectors off");
    }
    printf("done\n");
    return EXIT_SUCCESS;
}
