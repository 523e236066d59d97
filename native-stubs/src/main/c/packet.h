/* The queue packets that the twins use (docs/device.md, section 5). */
#ifndef OPENPPU_TWIN_PACKET_H
#define OPENPPU_TWIN_PACKET_H

#include <stdint.h>

enum { PACKET_VENDOR = 0, PACKET_INVALID = 1, PACKET_BARRIER_AND = 3 };
enum { VENDOR_WRITE_VALUE = 4 };
enum { FLAG_64_BIT = 1 << 8 };

/* Barrier-and with the barrier bit, acquire and release at system scope. */
#define BARRIER_WORD (PACKET_BARRIER_AND | 1u << 8 | 2u << 9 | 2u << 11)

struct barrier_packet {
    uint16_t header;
    uint16_t reserved16;
    uint32_t reserved32;
    uint64_t dependency[5];
    uint64_t reserved64;
    uint64_t completion_signal;
};

struct write_value_packet {
    uint16_t header;
    uint16_t format;
    uint32_t flags;
    uint64_t address;
    uint64_t value;
    uint64_t reserved[4];
    uint64_t completion_signal;
};

static inline uint32_t packet_acquire(const uint8_t *slot)
{
    return __atomic_load_n((const uint32_t *)slot, __ATOMIC_ACQUIRE);
}

static inline void packet_publish(uint8_t *slot, uint32_t word)
{
    __atomic_store_n((uint32_t *)slot, word, __ATOMIC_RELEASE);
}

/* All of a barrier packet but its header, without dependencies. */
static inline void packet_barrier_body(uint8_t *slot, uint64_t completion_signal)
{
    struct barrier_packet *packet = (struct barrier_packet *)slot;
    packet->reserved32 = 0;
    for (int i = 0; i < 5; i++)
        packet->dependency[i] = 0;
    packet->reserved64 = 0;
    packet->completion_signal = completion_signal;
}

#endif
