#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "packet.h"
#include "twins.h"

#define GARBAGE_KEPT 64

/* A queue as a C driver keeps it: one writer per field, cache lines apart. */
struct twin_host {
    struct twin_queue queue;
    int64_t *signal;
    uint64_t submitted; /* producers of a shared queue take their index here */
    uint64_t taken;     /* the read index as last seen */
    uint8_t *memory;
};

struct twin_host *twin_host_open(uint64_t packets)
{
    struct twin_host *host = calloc(1, sizeof *host);
    uint64_t ring = packets * TWIN_PACKET_BYTES;
    if (!host)
        return NULL;
    host->memory = aligned_alloc(4096, (ring + 3 * 4096 + 4095) / 4096 * 4096);
    if (!host->memory) {
        free(host);
        return NULL;
    }
    memset(host->memory, 0, ring + 3 * 4096);
    host->queue = (struct twin_queue){host->memory + 3 * 4096, packets, (uint64_t *)host->memory, (uint64_t *)(host->memory + 4096)};
    host->signal = (int64_t *)(host->memory + 2 * 4096);
    *host->signal = INT64_MAX;
    *host->queue.doorbell = UINT64_MAX;
    for (uint64_t i = 0; i < packets; i++)
        packet_publish(host->queue.ring + i * TWIN_PACKET_BYTES, PACKET_INVALID);
    return host;
}

void twin_host_close(struct twin_host *host)
{
    free(host->memory);
    free(host);
}

struct twin_device *twin_host_device(struct twin_host *host, int32_t watch, int32_t cpu)
{
    return twin_device_start(host->queue.ring, host->queue.packets, host->queue.read_index, host->queue.doorbell, watch, cpu);
}

static inline uint64_t completed(const struct twin_host *host)
{
    return (uint64_t)(INT64_MAX - __atomic_load_n(host->signal, __ATOMIC_ACQUIRE));
}

static inline void await_completion(const struct twin_host *host, uint64_t target)
{
    uint32_t looks = 0;
    while (completed(host) < target)
        twin_relax(&looks);
}

static inline void await_space(struct twin_host *host, uint64_t index)
{
    uint32_t looks = 0;
    while (index - host->taken >= host->queue.packets) {
        host->taken = __atomic_load_n(host->queue.read_index, __ATOMIC_ACQUIRE);
        if (index - host->taken >= host->queue.packets)
            twin_relax(&looks);
    }
}

static inline void fill(struct twin_host *host, uint64_t index)
{
    uint8_t *slot = host->queue.ring + (index & (host->queue.packets - 1)) * TWIN_PACKET_BYTES;
    packet_barrier_body(slot, (uint64_t)host->signal);
    packet_publish(slot, BARRIER_WORD);
}

static inline void ring(struct twin_host *host, uint64_t index)
{
    __atomic_store_n(host->queue.doorbell, index, __ATOMIC_RELEASE);
}

/* One producer: no atomic increment. */
static inline uint64_t submit(struct twin_host *host)
{
    uint64_t index = host->submitted;
    await_space(host, index);
    host->submitted = index + 1;
    fill(host, index);
    ring(host, index);
    return index + 1;
}

int64_t twin_host_round_trips(struct twin_host *host, int64_t count, uint64_t *buckets)
{
    int64_t start = twin_now();
    for (int64_t i = 0; i < count; i++) {
        int64_t before = twin_now();
        await_completion(host, submit(host));
        twin_record(buckets, twin_now() - before);
    }
    return twin_now() - start;
}

int64_t twin_host_stream(struct twin_host *host, int64_t count, int64_t per_doorbell)
{
    int64_t start = twin_now();
    if (per_doorbell == 1) {
        for (int64_t i = 0; i < count; i++)
            submit(host);
    } else {
        for (int64_t i = 0; i < count; i += per_doorbell) {
            for (int64_t j = 0; j < per_doorbell; j++) {
                uint64_t index = host->submitted;
                await_space(host, index);
                host->submitted = index + 1;
                fill(host, index);
            }
            ring(host, host->submitted - 1);
        }
    }
    await_completion(host, host->submitted);
    return twin_now() - start;
}

struct producer {
    struct twin_host *host;
    int64_t count;
    pthread_barrier_t *begin;
    int64_t began;
    pthread_t thread;
};

/* A multi-producer queue: an index is taken by an atomic increment, the slot is written when the device has freed it. */
static void *produce(void *argument)
{
    struct producer *producer = argument;
    struct twin_host *host = producer->host;
    pthread_barrier_wait(producer->begin);
    producer->began = twin_now();
    for (int64_t i = 0; i < producer->count; i++) {
        uint64_t index = __atomic_fetch_add(&host->submitted, 1, __ATOMIC_RELAXED);
        while (index - __atomic_load_n(host->queue.read_index, __ATOMIC_ACQUIRE) >= host->queue.packets)
            sched_yield();
        fill(host, index);
        ring(host, index);
    }
    return NULL;
}

int64_t twin_host_producers(struct twin_host *host, int64_t count_each, int32_t producers)
{
    struct producer all[64];
    pthread_barrier_t begin;
    if (producers < 1 || producers > 64 || pthread_barrier_init(&begin, NULL, (unsigned)producers))
        return -1;
    for (int i = 0; i < producers; i++) {
        all[i] = (struct producer){host, count_each, &begin, 0, 0};
        if (pthread_create(&all[i].thread, NULL, produce, &all[i]))
            abort(); /* those begun wait at the barrier for ever */
    }
    int64_t start = INT64_MAX;
    for (int i = 0; i < producers; i++) {
        pthread_join(all[i].thread, NULL);
        if (all[i].began < start)
            start = all[i].began;
    }
    await_completion(host, host->submitted);
    int64_t nanos = twin_now() - start;
    pthread_barrier_destroy(&begin);
    return nanos;
}

/* Each submission is timed alone; between two of them the application makes and drops memory, some of which lives for a while. */
int64_t twin_host_under_load(struct twin_host *host, int64_t count, int64_t garbage_bytes, uint64_t *buckets)
{
    void *kept[GARBAGE_KEPT] = {0};
    int64_t start = twin_now();
    for (int64_t i = 0; i < count; i++) {
        if (host->submitted >= host->queue.packets) /* the wait for space is not timed; the submission's own look at the read index is, as Java's */
            await_completion(host, host->submitted + 1 - host->queue.packets);
        int64_t before = twin_now();
        submit(host);
        twin_record(buckets, twin_now() - before);
        free(kept[i % GARBAGE_KEPT]);
        kept[i % GARBAGE_KEPT] = calloc(1, (size_t)garbage_bytes);
    }
    await_completion(host, host->submitted);
    int64_t nanos = twin_now() - start;
    for (int i = 0; i < GARBAGE_KEPT; i++)
        free(kept[i]);
    return nanos;
}
