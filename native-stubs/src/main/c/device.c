#include <pthread.h>
#include <stdlib.h>

#include "packet.h"
#include "twins.h"

struct twin_device {
    struct twin_queue queue;
    int32_t watch;
    int32_t cpu;
    int64_t taken;
    int stop;
    pthread_t thread;
};

/* Holds the queue until the packet's dependencies are met: their values are 0 or less. Answers 0 if the device is to stop meanwhile. */
static int dependencies_met(struct twin_device *device, const struct barrier_packet *packet)
{
    uint32_t looks = 0;
    for (int i = 0; i < 5; i++) {
        const int64_t *signal = (const int64_t *)packet->dependency[i];
        while (signal && __atomic_load_n(signal, __ATOMIC_ACQUIRE) > 0) {
            if (__atomic_load_n(&device->stop, __ATOMIC_RELAXED))
                return 0;
            twin_relax(&looks);
        }
    }
    return 1;
}

static void write_value(const struct write_value_packet *packet)
{
    if (packet->flags & FLAG_64_BIT)
        __atomic_store_n((uint64_t *)packet->address, packet->value, __ATOMIC_RELEASE);
    else
        __atomic_store_n((uint32_t *)packet->address, (uint32_t)packet->value, __ATOMIC_RELEASE);
}

/* The device is the sole writer of a completion signal while packets that name it are in flight. */
static void complete(int64_t *signal)
{
    if (signal)
        __atomic_store_n(signal, __atomic_load_n(signal, __ATOMIC_RELAXED) - 1, __ATOMIC_RELEASE);
}

/* Takes one packet: its fields are read, then its slot is free and the read index says so, then it is done. */
static int take(struct twin_device *device, uint8_t *slot, uint32_t word, uint64_t index)
{
    int64_t *signal = (int64_t *)((struct barrier_packet *)slot)->completion_signal;
    uint32_t type = word & 0xff;
    if (type == PACKET_BARRIER_AND) {
        if (!dependencies_met(device, (const struct barrier_packet *)slot))
            return 0;
    } else if (type == PACKET_VENDOR && word >> 16 == VENDOR_WRITE_VALUE) {
        write_value((const struct write_value_packet *)slot);
    }
    packet_publish(slot, PACKET_INVALID);
    __atomic_store_n(device->queue.read_index, index + 1, __ATOMIC_RELEASE);
    complete(signal);
    return 1;
}

static int rung(const struct twin_device *device, uint64_t index)
{
    return device->watch == TWIN_WATCH_HEADER || (int64_t)(__atomic_load_n(device->queue.doorbell, __ATOMIC_ACQUIRE) - index) >= 0;
}

static void *consume(void *argument)
{
    struct twin_device *device = argument;
    struct twin_queue queue = device->queue;
    uint64_t index = *queue.read_index;
    uint64_t first = index;
    uint32_t looks = 0;
    twin_pin(device->cpu);
    for (;;) {
        uint8_t *slot = queue.ring + (index & (queue.packets - 1)) * TWIN_PACKET_BYTES;
        uint32_t word = PACKET_INVALID;
        if (rung(device, index))
            word = packet_acquire(slot);
        if ((word & 0xff) == PACKET_INVALID) {
            if (__atomic_load_n(&device->stop, __ATOMIC_ACQUIRE) && (packet_acquire(slot) & 0xff) == PACKET_INVALID)
                break;
            twin_relax(&looks);
            continue;
        }
        if (!take(device, slot, word, index))
            break;
        index++;
        looks = 0;
    }
    device->taken = (int64_t)(index - first);
    return NULL;
}

struct twin_device *twin_device_start(uint8_t *ring, uint64_t packets, uint64_t *read_index, uint64_t *doorbell, int32_t watch, int32_t cpu)
{
    struct twin_device *device = calloc(1, sizeof *device);
    if (!device)
        return NULL;
    device->queue = (struct twin_queue){ring, packets, read_index, doorbell};
    device->watch = watch;
    device->cpu = cpu;
    if (pthread_create(&device->thread, NULL, consume, device)) {
        free(device);
        return NULL;
    }
    return device;
}

int64_t twin_device_stop(struct twin_device *device)
{
    __atomic_store_n(&device->stop, 1, __ATOMIC_RELEASE);
    pthread_join(device->thread, NULL);
    int64_t taken = device->taken;
    free(device);
    return taken;
}
