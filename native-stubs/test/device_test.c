/*
 * What ppu_device.h promises, asked of a library: of the reference device by default. Each case opens a device of its own. Prints one line a case; ends with the number of failures.
 * Runs under AddressSanitizer, UBSan, ThreadSanitizer and valgrind (CMakeLists.txt).
 */
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "ppu_bar0.h"
#include "ppu_bar4.h"
#include "ppu_device.h"

#define CHECK(condition) \
    do { \
        if (!(condition)) { \
            printf("    %s:%d: %s\n", __FILE__, __LINE__, #condition); \
            failed = true; \
        } \
    } while (0)

enum { PAGE = 4096, ARENA = 1 << 20, IOVA = 0x40000000, RING = 0, INDEX = 4096, SIGNAL = 8192, DATA = 16384, LOG2 = 4 };

static bool failed;

struct bench {
    ppu_host host;
    ppu_device *device;
    uint8_t *memory; /* ARENA bytes, at IOVA unless a case says otherwise */
    int event[4];
    atomic_int calls;
};

/* ---------------------------------------------------------------- a host that grants what lies in its arena */

static int32_t host_read(void *host, uint64_t iova, void *buffer, uint64_t bytes)
{
    struct bench *bench = host;
    atomic_fetch_add(&bench->calls, 1);
    if (iova < IOVA || iova - IOVA > ARENA || bytes > ARENA - (iova - IOVA))
        return PPU_E_INVALID;
    for (uint64_t i = 0; i < bytes; i++)
        ((uint8_t *)buffer)[i] = __atomic_load_n(bench->memory + (iova - IOVA) + i, __ATOMIC_ACQUIRE);
    return PPU_OK;
}

static int32_t host_write(void *host, uint64_t iova, const void *buffer, uint64_t bytes)
{
    struct bench *bench = host;
    atomic_fetch_add(&bench->calls, 1);
    if (iova < IOVA || iova - IOVA > ARENA || bytes > ARENA - (iova - IOVA))
        return PPU_E_INVALID;
    if (bytes == 8 && iova % 8 == 0) {
        uint64_t value;
        memcpy(&value, buffer, sizeof value);
        __atomic_store_n((uint64_t *)(bench->memory + (iova - IOVA)), value, __ATOMIC_RELEASE);
    } else if (bytes == 4 && iova % 4 == 0) {
        uint32_t value;
        memcpy(&value, buffer, sizeof value);
        __atomic_store_n((uint32_t *)(bench->memory + (iova - IOVA)), value, __ATOMIC_RELEASE);
    } else {
        memcpy(bench->memory + (iova - IOVA), buffer, bytes);
    }
    return PPU_OK;
}

static void host_log(void *host, int32_t level, const char *text)
{
    (void)host;
    printf("    log %d: %s\n", level, text);
}

static uint64_t read_bar(struct bench *bench, uint32_t bar, uint64_t offset, uint32_t bytes)
{
    uint64_t value = 0xDEAD;
    CHECK(ppu_device_bar_read(bench->device, bar, offset, bytes, &value) == PPU_OK);
    return value;
}

static void write_bar(struct bench *bench, uint32_t bar, uint64_t offset, uint32_t bytes, uint64_t value)
{
    CHECK(ppu_device_bar_write(bench->device, bar, offset, bytes, value) == PPU_OK);
}

static uint32_t read_config(struct bench *bench, uint32_t offset, uint32_t bytes)
{
    uint32_t value = 0xDEAD;
    CHECK(ppu_device_config_read(bench->device, offset, bytes, &value) == PPU_OK);
    return value;
}

static void write_config(struct bench *bench, uint32_t offset, uint32_t bytes, uint32_t value)
{
    CHECK(ppu_device_config_write(bench->device, offset, bytes, value) == PPU_OK);
}

static uint32_t capability(struct bench *bench, uint8_t id)
{
    for (uint32_t at = read_config(bench, 0x34, 1); at != 0; at = read_config(bench, at + 1, 1)) {
        if (read_config(bench, at, 1) == id)
            return at;
    }
    CHECK(!"the capability is there");
    return 0x40;
}

static void open_bench(struct bench *bench, const char *options)
{
    memset(bench, 0, sizeof *bench);
    bench->host = (ppu_host){.struct_size = sizeof(ppu_host), .host = bench, .dma_read = host_read, .dma_write = host_write, .log = host_log};
    bench->memory = mmap(NULL, ARENA, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(ppu_device_open(options, &bench->host, &bench->device) == PPU_OK);
    write_config(bench, 0x04, 2, 6);
    if (*options == '\0')
        CHECK(ppu_device_dma_map(bench->device, IOVA, ARENA, bench->memory, PPU_DMA_READ | PPU_DMA_WRITE) == PPU_OK);
    uint32_t msix = capability(bench, 0x11);
    write_config(bench, msix + 2, 2, 0x8000);
    for (uint32_t i = 0; i < 4; i++) {
        bench->event[i] = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
        CHECK(ppu_device_set_interrupt(bench->device, i, bench->event[i]) == PPU_OK);
        write_bar(bench, 4, PPU_BAR4_VECTOR_OFFSET + i * 16 + 12, 4, 0);
    }
}

static void close_bench(struct bench *bench)
{
    ppu_device_close(bench->device);
    for (int i = 0; i < 4; i++)
        close(bench->event[i]);
    munmap(bench->memory, ARENA);
}

/* Messages of a vector since the last call, waiting at most so long for the first. */
static uint64_t messages(struct bench *bench, int vector, int milliseconds)
{
    struct pollfd descriptor = {.fd = bench->event[vector], .events = POLLIN};
    uint64_t count = 0;
    if (poll(&descriptor, 1, milliseconds) == 1 && read(bench->event[vector], &count, sizeof count) != sizeof count)
        count = 0;
    return count;
}

/* ---------------------------------------------------------------- packets */

static uint64_t *place(struct bench *bench, uint64_t offset)
{
    return (uint64_t *)(bench->memory + offset);
}

static void begin_queue(struct bench *bench, uint32_t more)
{
    for (uint32_t i = 0; i < 1u << LOG2; i++)
        *(uint32_t *)(bench->memory + RING + i * 64) = 1;
    write_bar(bench, 0, PPU_BAR0_QUEUE_BASE_ADDR(0), 8, IOVA + RING);
    write_bar(bench, 0, PPU_BAR0_QUEUE_READ_INDEX_ADDRESS_ADDR(0), 8, IOVA + INDEX);
    write_bar(bench, 0, PPU_BAR0_QUEUE_CONTROL_ADDR(0), 4, LOG2 << PPU_BAR0_QUEUE_CONTROL_LOG2_PACKETS_LSB | 1 << PPU_BAR0_QUEUE_CONTROL_VECTOR_LSB | more | 1);
}

static void publish(struct bench *bench, uint64_t index, uint16_t format, uint32_t word, uint64_t source, uint64_t destination, uint64_t count, uint64_t signal)
{
    uint8_t *slot = bench->memory + RING + (index & ((1u << LOG2) - 1)) * 64;
    memset(slot + 4, 0, 60);
    memcpy(slot + 4, &word, 4);
    memcpy(slot + 8, &source, 8);
    memcpy(slot + 16, &destination, 8);
    memcpy(slot + 24, &count, 8);
    memcpy(slot + 56, &signal, 8);
    __atomic_store_n((uint32_t *)slot, (uint32_t)format << 16, __ATOMIC_RELEASE);
    write_bar(bench, 4, PPU_BAR4_QUEUE_OFFSET, 8, index);
}

static bool reaches(const uint64_t *signal, uint64_t value)
{
    struct timespec tick = {.tv_nsec = 200000};
    for (int i = 0; i < 50000; i++) {
        if (__atomic_load_n(signal, __ATOMIC_ACQUIRE) == value)
            return true;
        nanosleep(&tick, NULL);
    }
    return false;
}

static uint32_t queue_status(struct bench *bench)
{
    return (uint32_t)read_bar(bench, 0, PPU_BAR0_QUEUE_STATUS_ADDR(0), 4);
}

static bool queue_becomes(struct bench *bench, uint32_t state)
{
    struct timespec tick = {.tv_nsec = 200000};
    for (int i = 0; i < 50000; i++) {
        if (PPU_BAR0_FIELD_GET(queue_status(bench), PPU_BAR0_QUEUE_STATUS_STATE) == state && (queue_status(bench) & PPU_BAR0_QUEUE_STATUS_RESETTING_MASK) == 0)
            return true;
        nanosleep(&tick, NULL);
    }
    return false;
}

static uint32_t queue_error(struct bench *bench)
{
    return PPU_BAR0_FIELD_GET(queue_status(bench), PPU_BAR0_QUEUE_STATUS_ERROR);
}

/* ---------------------------------------------------------------- cases */

static void it_says_what_it_is(struct bench *bench)
{
    ppu_device_info info = {.struct_size = sizeof info};
    CHECK(ppu_device_abi() == PPU_DEVICE_ABI);
    CHECK(ppu_device_get_info(bench->device, &info) == PPU_OK);
    CHECK(info.config_bytes == 4096 && info.vectors == 4 && info.description != NULL);
    CHECK(info.bars[0].size == 1 << 20 && info.bars[1].size == 0 && (info.bars[2].flags & PPU_BAR_WIDE) != 0 && info.bars[3].size == 0);
    CHECK(read_config(bench, 0, 4) == 0x60011ded);
    CHECK(read_bar(bench, 0, PPU_BAR0_ID_MAGIC_ADDR, 4) == 0x5550504F);
    uint32_t vendor = capability(bench, 0x09);
    CHECK(read_config(bench, vendor + 4, 4) == 0x5550504F);
}

static void an_older_host_gets_what_it_knows(struct bench *bench)
{
    struct {
        uint32_t struct_size;
        uint32_t flags;
        uint64_t guard;
    } small = {.struct_size = 8, .guard = 0x1234};
    CHECK(ppu_device_get_info(bench->device, (ppu_device_info *)&small) == PPU_OK);
    CHECK(small.flags == PPU_DEVICE_SIMULATED && small.guard == 0x1234);
}

static void what_cannot_be_said_on_a_bus_is_refused(struct bench *bench)
{
    uint64_t value;
    uint32_t word;
    void *address;
    CHECK(ppu_device_bar_read(bench->device, 6, 0, 4, &value) == PPU_E_INVALID);
    CHECK(ppu_device_bar_read(bench->device, 1, 0, 4, &value) == PPU_E_INVALID);
    CHECK(ppu_device_bar_read(bench->device, 0, 0, 3, &value) == PPU_E_INVALID);
    CHECK(ppu_device_bar_read(bench->device, 0, 2, 4, &value) == PPU_E_INVALID);
    CHECK(ppu_device_bar_read(bench->device, 0, 1 << 20, 4, &value) == PPU_E_INVALID);
    CHECK(ppu_device_bar_write(bench->device, 0, UINT64_MAX - 3, 4, 0) == PPU_E_INVALID);
    CHECK(ppu_device_config_read(bench->device, 4096, 1, &word) == PPU_E_INVALID);
    CHECK(ppu_device_config_read(bench->device, 0, 8, &word) == PPU_E_INVALID);
    CHECK(ppu_device_config_write(bench->device, UINT32_MAX, 1, 0) == PPU_E_INVALID);
    CHECK(ppu_device_bar_map(bench->device, 2, 100, PAGE, &address) == PPU_E_INVALID);
    CHECK(ppu_device_bar_map(bench->device, 0, 0, PAGE, &address) == PPU_E_UNSUPPORTED);
    CHECK(ppu_device_set_interrupt(bench->device, 4, -1) == PPU_E_INVALID);
    CHECK(ppu_device_reset(bench->device, 3) == PPU_E_UNSUPPORTED);
    CHECK(strlen(ppu_device_error(bench->device)) > 0);
    CHECK(ppu_device_dma_map(bench->device, 100, PAGE, bench->memory, 3) == PPU_E_INVALID);
    CHECK(ppu_device_dma_map(bench->device, 0, PAGE, bench->memory, 4) == PPU_E_INVALID);
    CHECK(ppu_device_dma_map(bench->device, (uint64_t)-PAGE, 2 * PAGE, bench->memory, 3) == PPU_E_INVALID);
    CHECK(ppu_device_dma_map(bench->device, IOVA + ARENA - PAGE, 2 * PAGE, bench->memory, 3) == PPU_E_OVERLAP);
    CHECK(ppu_device_dma_unmap(bench->device, IOVA, PAGE) == PPU_E_INVALID);
    ppu_device *none = NULL;
    CHECK(ppu_device_open("colour=red", &bench->host, &none) == PPU_E_OPTION && none == NULL);
    CHECK(strstr(ppu_device_error(NULL), "colour=red") != NULL);
}

static void registers_keep_what_may_be_written(struct bench *bench)
{
    write_bar(bench, 0, PPU_BAR0_ID_TEST64_ADDR, 8, 0x0123456789abcdefull);
    CHECK(read_bar(bench, 0, PPU_BAR0_ID_TEST64_ADDR, 8) == 0x0123456789abcdefull);
    CHECK(read_bar(bench, 0, PPU_BAR0_ID_TEST64_ADDR, 4) == 0); /* another width */
    write_bar(bench, 0, PPU_BAR0_ID_MAGIC_ADDR, 4, 0);
    CHECK(read_bar(bench, 0, PPU_BAR0_ID_MAGIC_ADDR, 4) == 0x5550504F);
    CHECK(read_bar(bench, 0, PPU_BAR0_QUEUE_STATUS_ADDR(1), 4) == 0); /* an absent queue */
    write_bar(bench, 0, PPU_BAR0_BOOT_COMMAND_ADDR, 4, PPU_BAR0_BOOT_COMMAND_START_MASK);
    uint32_t boot = (uint32_t)read_bar(bench, 0, PPU_BAR0_BOOT_STATUS_ADDR, 4);
    CHECK(PPU_BAR0_FIELD_GET(boot, PPU_BAR0_BOOT_STATUS_ERROR) == PPU_BAR0_BOOT_ERROR_UNKNOWN_KEY);
}

static void a_bar_that_is_not_decoded_answers_all_ones(struct bench *bench)
{
    write_config(bench, 0x04, 2, 0);
    CHECK(read_bar(bench, 0, PPU_BAR0_ID_MAGIC_ADDR, 4) == 0xFFFFFFFF);
    CHECK(read_bar(bench, 2, 0, 8) == UINT64_MAX);
    write_bar(bench, 0, PPU_BAR0_ID_TEST_ADDR, 4, 7);
    write_config(bench, 0x04, 2, 2);
    CHECK(read_bar(bench, 0, PPU_BAR0_ID_TEST_ADDR, 4) == 0);
}

static void bars_tell_their_size(struct bench *bench)
{
    write_config(bench, 0x10, 4, 0xFFFFFFFF);
    CHECK(read_config(bench, 0x10, 4) == 0xFFF00000);
    write_config(bench, 0x18, 4, 0xFFFFFFFF);
    CHECK(read_config(bench, 0x18, 4) == 0xFFF0000C);
    CHECK(read_config(bench, 0x24, 4) == 0);
    write_config(bench, 0x24, 4, 0xFFFFFFFF);
    CHECK(read_config(bench, 0x24, 4) == 0xFFFFFFFF);
}

static void a_mapped_bar_is_the_memory(struct bench *bench)
{
    void *address = NULL;
    CHECK(ppu_device_bar_map(bench->device, 2, PAGE, PAGE, &address) == PPU_OK);
    __atomic_store_n((uint64_t *)address, 42, __ATOMIC_RELEASE);
    CHECK(read_bar(bench, 2, PAGE, 8) == 42);
    write_bar(bench, 2, PAGE + 16, 2, 0xBEEF);
    CHECK(__atomic_load_n((uint16_t *)address + 8, __ATOMIC_ACQUIRE) == 0xBEEF);
}

static void copies_and_fills_complete(struct bench *bench)
{
    *place(bench, SIGNAL) = 3;
    for (int i = 0; i < 200001; i++)
        bench->memory[DATA + i] = (uint8_t)(i * 7);
    begin_queue(bench, PPU_BAR0_QUEUE_CONTROL_INTERRUPT_MASK);
    publish(bench, 0, 1, 0, IOVA + DATA + 1, IOVA + DATA + 300003, 200000, IOVA + SIGNAL);
    publish(bench, 1, 2, 4, 0xAABBCCDD, IOVA + DATA + 600000, 1000, IOVA + SIGNAL);
    publish(bench, 2, 2, 1, 0x11, IOVA + DATA + 604000, 3, IOVA + SIGNAL);
    CHECK(reaches(place(bench, SIGNAL), 0));
    CHECK(messages(bench, 1, 5000) >= 1);
    CHECK(memcmp(bench->memory + DATA + 1, bench->memory + DATA + 300003, 200000) == 0);
    CHECK(bench->memory[DATA + 500003] == 0);
    CHECK(bench->memory[DATA + 603999] == 0xAA && bench->memory[DATA + 604002] == 0x11 && bench->memory[DATA + 604003] == 0);
    CHECK(reaches(place(bench, INDEX), 3));
    CHECK(read_bar(bench, 0, PPU_BAR0_COPY_FINISHED_ADDR(0), 4) == 3);
    CHECK(read_bar(bench, 0, PPU_BAR0_COPY_BYTES_ADDR(0), 8) == 204003);
}

static void many_packets_go_round_the_ring(struct bench *bench)
{
    const uint64_t packets = 1000;
    *place(bench, SIGNAL) = packets;
    begin_queue(bench, 0);
    for (uint64_t i = 0; i < packets; i++) {
        while (i - __atomic_load_n(place(bench, INDEX), __ATOMIC_ACQUIRE) >= 1u << LOG2)
            sched_yield();
        publish(bench, i, 2, 4, i, IOVA + DATA + 4 * (i % 1000), 1, IOVA + SIGNAL);
    }
    CHECK(reaches(place(bench, SIGNAL), 0));
    for (uint32_t i = 0; i < packets; i++)
        CHECK(((uint32_t *)(bench->memory + DATA))[i] == i);
}

static void a_list_is_copied_in_order(struct bench *bench)
{
    *place(bench, SIGNAL) = 1;
    uint64_t list[] = {IOVA + DATA, IOVA + DATA + 100, 10, 0, IOVA + DATA + 100, IOVA + DATA + 200, 10, 0};
    memcpy(bench->memory + DATA + 4096, list, sizeof list);
    memset(bench->memory + DATA, 9, 10);
    begin_queue(bench, 0);
    publish(bench, 0, 1, 1, IOVA + DATA + 4096, 0, 2, IOVA + SIGNAL);
    CHECK(reaches(place(bench, SIGNAL), 0));
    CHECK(bench->memory[DATA + 209] == 9);
}

static void a_fault_stops_the_queue_and_touches_nothing(struct bench *bench)
{
    *place(bench, SIGNAL) = 5;
    write_bar(bench, 0, PPU_BAR0_INTERRUPTS_ENABLE_ADDR, 4, PPU_BAR0_INTERRUPTS_RAW_QUEUE_ERROR_MASK);
    begin_queue(bench, 0);
    publish(bench, 0, 1, 0, IOVA + DATA, IOVA + ARENA, 64, IOVA + SIGNAL);
    publish(bench, 1, 2, 1, 0xFF, IOVA + DATA, 64, 0);
    CHECK(reaches(place(bench, SIGNAL), (uint64_t)-1));
    CHECK(queue_becomes(bench, PPU_BAR0_QUEUE_STATE_ERROR) && queue_error(bench) == PPU_BAR0_QUEUE_ERROR_MEMORY_FAULT);
    CHECK(read_bar(bench, 0, PPU_BAR0_QUEUE_ERROR_ADDRESS_ADDR(0), 8) == IOVA + ARENA);
    CHECK(messages(bench, 0, 5000) == 1);
    CHECK(bench->memory[DATA] == 0);
    uint64_t count = 0;
    uint64_t last = 0;
    CHECK(ppu_device_dma_refused(bench->device, &count, &last) == PPU_OK && count == 1 && last == IOVA + ARENA);
    write_bar(bench, 0, PPU_BAR0_QUEUE_CONTROL_ADDR(0), 4, 0);
    CHECK(queue_becomes(bench, PPU_BAR0_QUEUE_STATE_DISABLED));
    *place(bench, SIGNAL) = 1;
    begin_queue(bench, 0);
    publish(bench, 0, 2, 1, 0xFF, IOVA + DATA, 64, IOVA + SIGNAL);
    CHECK(reaches(place(bench, SIGNAL), 0) && bench->memory[DATA + 63] == 0xFF);
}

static void rights_are_kept(struct bench *bench)
{
    uint64_t size = PAGE;
    CHECK(ppu_device_dma_map(bench->device, IOVA + ARENA, size, bench->memory + DATA, PPU_DMA_READ) == PPU_OK);
    *place(bench, SIGNAL) = 1;
    begin_queue(bench, 0);
    publish(bench, 0, 2, 1, 0xFF, IOVA + ARENA - 4, 8, IOVA + SIGNAL); /* across both: refused as a whole */
    CHECK(reaches(place(bench, SIGNAL), (uint64_t)-1));
    CHECK(bench->memory[ARENA - 4] == 0 && bench->memory[DATA] == 0);
    write_bar(bench, 0, PPU_BAR0_QUEUE_CONTROL_ADDR(0), 4, 0);
    *place(bench, SIGNAL) = 1;
    begin_queue(bench, 0);
    publish(bench, 0, 1, 0, IOVA + ARENA - 4, IOVA + DATA + 8192, 8, IOVA + SIGNAL); /* reading may go across */
    CHECK(reaches(place(bench, SIGNAL), 0));
}

static void malformed_packets_are_refused(struct bench *bench)
{
    const struct {
        uint16_t format;
        uint32_t word;
        uint64_t destination;
        uint64_t count;
    } bad[] = {{3, 0, IOVA + DATA, 1}, {1, 2, IOVA + DATA, 1}, {1, 1, 0, 0}, {1, 1, 0, 65537}, {1, 0, IOVA + DATA, 1ull << 63}, {2, 3, IOVA + DATA, 1},
        {2, 4, IOVA + DATA + 2, 1}, {2, 4, IOVA + DATA, 1ull << 62}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        *place(bench, SIGNAL) = 1;
        begin_queue(bench, 0);
        publish(bench, 0, bad[i].format, bad[i].word, IOVA + DATA, bad[i].destination, bad[i].count, IOVA + SIGNAL);
        CHECK(reaches(place(bench, SIGNAL), (uint64_t)-1));
        CHECK(queue_becomes(bench, PPU_BAR0_QUEUE_STATE_ERROR) && queue_error(bench) == PPU_BAR0_QUEUE_ERROR_INVALID_PACKET);
        write_bar(bench, 0, PPU_BAR0_QUEUE_CONTROL_ADDR(0), 4, 0);
        CHECK(queue_becomes(bench, PPU_BAR0_QUEUE_STATE_DISABLED));
    }
}

static void a_doorbell_never_goes_back(struct bench *bench)
{
    begin_queue(bench, 0);
    write_bar(bench, 4, PPU_BAR4_QUEUE_OFFSET, 8, 5);
    write_bar(bench, 4, PPU_BAR4_QUEUE_OFFSET, 8, 4);
    CHECK(queue_becomes(bench, PPU_BAR0_QUEUE_STATE_ERROR) && queue_error(bench) == PPU_BAR0_QUEUE_ERROR_DOORBELL_BACK);
}

static void a_mask_holds_messages_back(struct bench *bench)
{
    write_bar(bench, 4, PPU_BAR4_VECTOR_OFFSET + 2 * 16 + 12, 4, 1);
    write_bar(bench, 0, PPU_BAR0_INTERRUPTS_FORCE_ADDR, 4, PPU_BAR0_INTERRUPTS_FORCE_FIRE_MASK | 2);
    CHECK(messages(bench, 2, 20) == 0);
    CHECK(read_bar(bench, 4, PPU_BAR4_PENDING_OFFSET, 8) == 4);
    write_bar(bench, 4, PPU_BAR4_VECTOR_OFFSET + 2 * 16 + 12, 4, 0);
    CHECK(messages(bench, 2, 5000) == 1);
    CHECK(read_bar(bench, 4, PPU_BAR4_PENDING_OFFSET, 8) == 0);
    uint32_t msix = capability(bench, 0x11);
    write_config(bench, msix + 2, 2, 0xC000);
    write_bar(bench, 0, PPU_BAR0_INTERRUPTS_FORCE_ADDR, 4, PPU_BAR0_INTERRUPTS_FORCE_FIRE_MASK | 3);
    CHECK(messages(bench, 3, 20) == 0);
    write_config(bench, msix + 2, 2, 0x8000);
    CHECK(messages(bench, 3, 5000) == 1);
    CHECK(ppu_device_set_interrupt(bench->device, 3, -1) == PPU_OK);
    write_bar(bench, 0, PPU_BAR0_INTERRUPTS_FORCE_ADDR, 4, PPU_BAR0_INTERRUPTS_FORCE_FIRE_MASK | 3);
    CHECK(messages(bench, 3, 20) == 0);
}

static void moderation_delays_and_loses_nothing(struct bench *bench)
{
    write_bar(bench, 0, PPU_BAR0_QUEUE_BINDING_ADDR(0), 4, 20000u << PPU_BAR0_QUEUE_BINDING_MODERATION_LSB);
    *place(bench, SIGNAL) = 10;
    begin_queue(bench, PPU_BAR0_QUEUE_CONTROL_INTERRUPT_MASK);
    for (uint64_t i = 0; i < 10; i++)
        publish(bench, i, 2, 1, 0, IOVA + DATA, 1, IOVA + SIGNAL);
    CHECK(reaches(place(bench, SIGNAL), 0));
    uint64_t sum = messages(bench, 1, 5000);
    sum += messages(bench, 1, 5000);
    CHECK(sum == 2); /* the first, and one for the other nine */
}

static void resets_begin_anew(struct bench *bench)
{
    write_bar(bench, 0, PPU_BAR0_FW_SCRATCH_ADDR(0), 4, 1);
    write_bar(bench, 0, PPU_BAR0_FW_STICKY_SCRATCH_ADDR(0), 4, 2);
    write_bar(bench, 2, 0, 8, 3);
    uint32_t pcie = capability(bench, 0x10);
    write_config(bench, pcie + 8, 2, 0x8000); /* initiate FLR */
    CHECK(read_config(bench, 0x04, 2) == 0);
    write_config(bench, 0x04, 2, 6);
    CHECK(read_bar(bench, 0, PPU_BAR0_FW_SCRATCH_ADDR(0), 4) == 0);
    CHECK(read_bar(bench, 0, PPU_BAR0_FW_STICKY_SCRATCH_ADDR(0), 4) == 2);
    CHECK(read_bar(bench, 2, 0, 8) == 3);
    uint32_t resets = (uint32_t)read_bar(bench, 0, PPU_BAR0_BOOT_RESETS_ADDR, 4);
    CHECK(PPU_BAR0_FIELD_GET(resets, PPU_BAR0_BOOT_RESETS_COUNT) == 1 && PPU_BAR0_FIELD_GET(resets, PPU_BAR0_BOOT_RESETS_LAST) == 2);
    CHECK(ppu_device_reset(bench->device, PPU_RESET_COLD) == PPU_OK);
    write_config(bench, 0x04, 2, 6);
    CHECK(read_bar(bench, 0, PPU_BAR0_FW_STICKY_SCRATCH_ADDR(0), 4) == 0);
    CHECK(read_bar(bench, 2, 0, 8) == 0);
}

static void a_reset_ends_a_long_copy(struct bench *bench)
{
    *place(bench, SIGNAL) = 9;
    begin_queue(bench, 0);
    publish(bench, 0, 1, 0, IOVA + DATA, IOVA + DATA + (ARENA >> 1), 400000, IOVA + SIGNAL);
    CHECK(ppu_device_reset(bench->device, PPU_RESET_FUNCTION_LEVEL) == PPU_OK);
    uint64_t now = __atomic_load_n(place(bench, SIGNAL), __ATOMIC_ACQUIRE);
    CHECK(now == 9 || now == 8 || now == (uint64_t)-1);
    uint8_t *copy = malloc(ARENA);
    memcpy(copy, bench->memory, ARENA);
    struct timespec while_ = {.tv_nsec = 20000000};
    nanosleep(&while_, NULL);
    CHECK(memcmp(copy, bench->memory, ARENA) == 0); /* nothing of before writes any more */
    free(copy);
}

static void a_queue_reset_lets_it_begin_again(struct bench *bench)
{
    for (int i = 0; i < 50; i++) {
        *place(bench, SIGNAL) = 9;
        begin_queue(bench, 0);
        publish(bench, 0, 1, 0, IOVA + DATA, IOVA + DATA + (ARENA >> 1), 300000, IOVA + SIGNAL);
        write_bar(bench, 0, PPU_BAR0_QUEUE_CONTROL_ADDR(0), 4, PPU_BAR0_QUEUE_CONTROL_RESET_MASK);
        CHECK(queue_becomes(bench, PPU_BAR0_QUEUE_STATE_DISABLED));
        CHECK((read_bar(bench, 0, PPU_BAR0_INTERRUPTS_RAW_ADDR, 4) & PPU_BAR0_INTERRUPTS_RAW_ENGINE_RESET_MASK) != 0);
        write_bar(bench, 0, PPU_BAR0_INTERRUPTS_RAW_ADDR, 4, PPU_BAR0_INTERRUPTS_RAW_ENGINE_RESET_MASK);
    }
}

static void an_unmap_returns_when_the_device_has_stopped(struct bench *bench)
{
    uint8_t *target = mmap(NULL, 64 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    uint64_t at = IOVA + 2 * (uint64_t)ARENA;
    for (int i = 0; i < 100; i++) {
        CHECK(ppu_device_dma_map(bench->device, at, 64 * PAGE, target, PPU_DMA_WRITE) == PPU_OK);
        *place(bench, SIGNAL) = 9;
        begin_queue(bench, 0);
        publish(bench, 0, 2, 1, 0xFF, at, 64 * PAGE, IOVA + SIGNAL);
        CHECK(ppu_device_dma_unmap(bench->device, at, 64 * PAGE) == PPU_OK);
        mprotect(target, 64 * PAGE, PROT_NONE); /* whoever writes now dies */
        struct timespec moment = {.tv_nsec = 100000};
        nanosleep(&moment, NULL);
        mprotect(target, 64 * PAGE, PROT_READ | PROT_WRITE);
        write_bar(bench, 0, PPU_BAR0_QUEUE_CONTROL_ADDR(0), 4, PPU_BAR0_QUEUE_CONTROL_RESET_MASK);
        CHECK(queue_becomes(bench, PPU_BAR0_QUEUE_STATE_DISABLED));
    }
    munmap(target, 64 * PAGE);
}

static void without_bus_mastering_it_reaches_nothing(struct bench *bench)
{
    write_config(bench, 0x04, 2, 2);
    begin_queue(bench, 0);
    publish(bench, 0, 2, 1, 0xFF, IOVA + DATA, 1, 0);
    CHECK(queue_becomes(bench, PPU_BAR0_QUEUE_STATE_ERROR) && queue_error(bench) == PPU_BAR0_QUEUE_ERROR_RING_FAULT);
    CHECK(bench->memory[DATA] == 0);
}

static void a_close_ends_what_is_under_way(struct bench *bench)
{
    begin_queue(bench, 0);
    publish(bench, 0, 1, 0, IOVA + DATA, IOVA + DATA + (ARENA >> 1), 400000, 0);
}

static void it_asks_its_host_when_told_to(struct bench *bench)
{
    CHECK(ppu_device_dma_map(bench->device, IOVA, PAGE, bench->memory, 3) == PPU_E_UNSUPPORTED);
    *place(bench, SIGNAL) = 1;
    begin_queue(bench, 0);
    publish(bench, 0, 2, 2, 0x1234, IOVA + DATA, 100000, IOVA + SIGNAL);
    CHECK(reaches(place(bench, SIGNAL), 0));
    CHECK(atomic_load(&bench->calls) > 4 && *(uint16_t *)(bench->memory + DATA + 199998) == 0x1234);
}

struct storm {
    struct bench *bench;
    atomic_bool end;
};

static void *access_all(void *argument)
{
    struct storm *storm = argument;
    for (uint64_t i = 0; !atomic_load(&storm->end); i++) {
        read_bar(storm->bench, 0, PPU_BAR0_TIMER_NOW_ADDR, 8);
        write_bar(storm->bench, 0, PPU_BAR0_ID_TEST_ADDR, 4, i);
        write_bar(storm->bench, 0, PPU_BAR0_INTERRUPTS_FORCE_ADDR, 4, PPU_BAR0_INTERRUPTS_FORCE_FIRE_MASK | 3);
        read_config(storm->bench, 0, 4);
        write_bar(storm->bench, 4, PPU_BAR4_VECTOR_OFFSET + 3 * 16 + 12, 4, i & 1);
    }
    return NULL;
}

static void threads_may_meet(struct bench *bench)
{
    struct storm storm = {.bench = bench};
    pthread_t threads[2];
    for (int i = 0; i < 2; i++)
        CHECK(pthread_create(&threads[i], NULL, access_all, &storm) == 0);
    many_packets_go_round_the_ring(bench);
    atomic_store(&storm.end, true);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
}

static void devices_do_not_know_each_other(struct bench *bench)
{
    struct bench other;
    open_bench(&other, "");
    write_bar(&other, 0, PPU_BAR0_ID_TEST_ADDR, 4, 5);
    CHECK(read_bar(bench, 0, PPU_BAR0_ID_TEST_ADDR, 4) == 0);
    close_bench(&other);
    copies_and_fills_complete(bench);
}

/* ---------------------------------------------------------------- */

static int failures;

static void run(const char *name, void (*body)(struct bench *), const char *options)
{
    struct bench bench;
    failed = false;
    open_bench(&bench, options);
    body(&bench);
    close_bench(&bench);
    printf("%s %s\n", failed ? "FAILED" : "ok    ", name);
    failures += failed;
}

#define RUN(body) run(#body, body, "")

int main(void)
{
    RUN(it_says_what_it_is);
    RUN(an_older_host_gets_what_it_knows);
    RUN(what_cannot_be_said_on_a_bus_is_refused);
    RUN(registers_keep_what_may_be_written);
    RUN(a_bar_that_is_not_decoded_answers_all_ones);
    RUN(bars_tell_their_size);
    RUN(a_mapped_bar_is_the_memory);
    RUN(copies_and_fills_complete);
    RUN(many_packets_go_round_the_ring);
    RUN(a_list_is_copied_in_order);
    RUN(a_fault_stops_the_queue_and_touches_nothing);
    RUN(rights_are_kept);
    RUN(malformed_packets_are_refused);
    RUN(a_doorbell_never_goes_back);
    RUN(a_mask_holds_messages_back);
    RUN(moderation_delays_and_loses_nothing);
    RUN(resets_begin_anew);
    RUN(a_reset_ends_a_long_copy);
    RUN(a_queue_reset_lets_it_begin_again);
    RUN(an_unmap_returns_when_the_device_has_stopped);
    RUN(without_bus_mastering_it_reaches_nothing);
    RUN(a_close_ends_what_is_under_way);
    run("it_asks_its_host_when_told_to", it_asks_its_host_when_told_to, "dma=callbacks");
    RUN(threads_may_meet);
    RUN(devices_do_not_know_each_other);
    printf("%d failed\n", failures);
    return failures != 0;
}
