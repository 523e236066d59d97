#include "packet.h"
#include "twins.h"

/* Fills the ring, empties it, and so on: what a queue costs where nothing crosses between threads. */
int64_t twin_plain_ring(uint8_t *ring, uint64_t packets, int64_t count, int64_t *signal)
{
    int64_t start = twin_now();
    for (int64_t done = 0; done < count; done += (int64_t)packets) {
        for (uint64_t i = 0; i < packets; i++) {
            uint8_t *slot = ring + i * TWIN_PACKET_BYTES;
            packet_barrier_body(slot, (uint64_t)signal);
            packet_publish(slot, BARRIER_WORD);
        }
        for (uint64_t i = 0; i < packets; i++) {
            uint8_t *slot = ring + i * TWIN_PACKET_BYTES;
            if ((packet_acquire(slot) & 0xff) == PACKET_INVALID)
                return -1;
            int64_t *completion = (int64_t *)((struct barrier_packet *)slot)->completion_signal;
            packet_publish(slot, PACKET_INVALID);
            __atomic_store_n(completion, __atomic_load_n(completion, __ATOMIC_RELAXED) - 1, __ATOMIC_RELEASE);
        }
    }
    return twin_now() - start;
}
