/*
 * The C twins: what a C driver and a C device do for the work that the Java driver does, so that both can be measured side by side.
 * Layouts are those of docs/device.md. Times are nanoseconds of CLOCK_MONOTONIC. Everything that can fail answers a negative errno.
 */
#ifndef OPENPPU_TWINS_H
#define OPENPPU_TWINS_H

#include <sched.h>
#include <stdint.h>
#include <time.h>

#define TWIN_API __attribute__((visibility("default")))
#define TWIN_PACKET_BYTES 64

static inline int64_t twin_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/*
 * What both sides do between two looks at memory; looks counts them. Whoever looks in vain for some ten microseconds lets others run: on a machine that
 * is not its own, the other side may be waiting for this CPU.
 */
static inline void twin_relax(uint32_t *looks)
{
    if ((++*looks & 1023) == 0)
        sched_yield();
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

/* ---- histogram.c: buckets of equal ratio, 1/128 wide; the Java side (Histogram) computes the same. */
#define TWIN_SUB_BUCKETS 128
#define TWIN_BUCKETS ((64 - 7) * TWIN_SUB_BUCKETS)

static inline uint32_t twin_bucket_of(uint64_t value)
{
    if (value < 2 * TWIN_SUB_BUCKETS)
        return (uint32_t)value;
    int shift = 56 - __builtin_clzll(value);
    return (uint32_t)((shift + 1) * TWIN_SUB_BUCKETS + (int)(value >> shift) - TWIN_SUB_BUCKETS);
}

static inline void twin_record(uint64_t *buckets, int64_t nanos)
{
    buckets[twin_bucket_of(nanos < 0 ? 0 : (uint64_t)nanos)]++;
}

TWIN_API int32_t twin_bucket(uint64_t value);

/* ---- device.c: a queue's consumer on a thread of its own, for C hosts and Java hosts alike. */
struct twin_queue {
    uint8_t *ring;           /* 64-byte packets */
    uint64_t packets;        /* a power of two */
    uint64_t *read_index;    /* the device posts here how many packets it has taken */
    uint64_t *doorbell;      /* index of the last packet made valid */
};

enum { TWIN_WATCH_HEADER = 0, TWIN_WATCH_DOORBELL = 1 };

struct twin_device;

/* Begins at *read_index. cpu: where to run, or -1. NULL if there is no thread to be had. */
TWIN_API struct twin_device *twin_device_start(uint8_t *ring, uint64_t packets, uint64_t *read_index, uint64_t *doorbell, int32_t watch,
                                               int32_t cpu);
/* Ends when the ring is empty; answers how many packets the device has taken since its start. */
TWIN_API int64_t twin_device_stop(struct twin_device *device);

/* ---- host.c: a C host's side of a queue whose packets count one completion signal down from INT64_MAX. */
struct twin_host;

TWIN_API struct twin_host *twin_host_open(uint64_t packets);
TWIN_API void twin_host_close(struct twin_host *host);
TWIN_API struct twin_device *twin_host_device(struct twin_host *host, int32_t watch, int32_t cpu);
TWIN_API int64_t twin_host_round_trips(struct twin_host *host, int64_t count, uint64_t *buckets);
TWIN_API int64_t twin_host_stream(struct twin_host *host, int64_t count, int64_t per_doorbell);
TWIN_API int64_t twin_host_producers(struct twin_host *host, int64_t count_each, int32_t producers);
TWIN_API int64_t twin_host_under_load(struct twin_host *host, int64_t count, int64_t garbage_bytes, uint64_t *buckets);

/* ---- mmio.c, mmio_calls.c */
uint32_t twin_readl(const volatile void *address) __attribute__((noinline));
void twin_writel(uint32_t value, volatile void *address) __attribute__((noinline));

struct twin_mmio {
    void *bar;
};

TWIN_API int64_t twin_register_reads(struct twin_mmio *device, uint64_t offset, int64_t count, uint32_t *last);
TWIN_API int64_t twin_register_writes(struct twin_mmio *device, uint64_t offset, int64_t count);

/* ---- memory.c */
TWIN_API int64_t twin_copies(void *destination, const void *source, uint64_t bytes, int64_t count);

/* ---- wake.c: two threads wake each other by eventfd, count times; answers the time of one wake-up on average, in picoseconds. */
TWIN_API int64_t twin_wake_ups(int32_t cpu, int32_t other_cpu, int64_t count, uint64_t *buckets);

/* ---- link.c: a register read by vfio-user's messages, count times, from a server on a thread of its own; nanoseconds for all. */
TWIN_API int64_t twin_link_reads(int32_t server_cpu, int64_t count, uint64_t *buckets);

/* ---- affinity.c: the calling thread's CPUs, as in sched_setaffinity(2). */
TWIN_API int32_t twin_get_affinity(void *mask, uint64_t bytes);
TWIN_API int32_t twin_set_affinity(const void *mask, uint64_t bytes);
int twin_pin(int32_t cpu);

/* ---- pages.c: builds page tables for a range in 4 KiB pages, kept on the host and written to device memory. */
TWIN_API int64_t twin_map_pages(uint8_t *memory, uint64_t memory_bytes, uint64_t address, uint64_t target, uint64_t bytes, uint64_t flags);

/* ---- plain_ring.c: producer and consumer of 64-byte packets taking turns in one thread. */
TWIN_API int64_t twin_plain_ring(uint8_t *ring, uint64_t packets, int64_t count, int64_t *signal);

/* ---- library.c: a C host of a device in a library (ppu_device.h). */
struct twin_library;

/* A device in the library at path, its memory decoded; NULL if there is none to be had. */
TWIN_API struct twin_library *twin_library_open(const char *path);
TWIN_API void twin_library_close(struct twin_library *library);
/* The same register read count times by calls; *sum is of what was read. */
TWIN_API int64_t twin_library_reads(struct twin_library *library, uint32_t bar, uint64_t offset, int64_t count, uint32_t *sum);

#endif
