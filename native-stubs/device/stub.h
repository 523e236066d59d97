/*
 * The reference device: a small PPU in C behind ppu_device.h, as an example of how to write one and as a counterpart for tests.
 *
 * It has identity, scratch registers, the interrupt block, one DMA channel (copy[0]) and one queue that completes COPY and FILL packets; no MMU, so addresses in packets are IOVAs
 * (docs/device.md, section 6), and no firmware: its ROM trusts no key and refuses every image. Everything else of the map is absent, as id.capabilities says.
 *
 * Locks: "lock" guards registers, config space and interrupts and is held for moments; "memory_lock" is held for reading while the device touches host memory and for writing
 * while mappings change, so that an unmap returns when the device has stopped. Order: memory_lock before lock.
 */
#ifndef PPU_STUB_H
#define PPU_STUB_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ppu_bar0.h"
#include "ppu_bar4.h"
#include "ppu_device.h"

enum {
    STUB_VECTORS = 4,
    STUB_CONFIG_BYTES = 4096,
    STUB_BAR_BYTES = 1 << 20, /* of BAR0 and BAR4 */
    STUB_MEMORY_BYTES = 1 << 20, /* behind BAR2 */
    STUB_MAPPINGS = 4096,
    STUB_PAGE = 4096,
};

/* A range of host memory that the device reaches; sorted by iova. */
struct stub_mapping {
    uint64_t iova;
    uint64_t bytes;
    uint8_t *address;
    uint32_t rights;
};

struct stub_vector {
    int descriptor; /* -1: none */
    bool pending;
    bool held; /* by moderation */
    uint64_t next; /* earliest time of the next message */
};

struct ppu_device {
    const ppu_host *host;
    bool callbacks; /* host memory by dma_read and dma_write only: option dma=callbacks */
    uint64_t origin; /* of its clock */

    pthread_mutex_t lock;
    uint8_t config[STUB_CONFIG_BYTES];
    uint8_t bar0[sizeof(struct ppu_bar0_regs)];
    struct ppu_bar4_msix_entry_regs table[STUB_VECTORS];
    struct stub_vector vectors[STUB_VECTORS];
    uint8_t *memory;

    pthread_rwlock_t memory_lock;
    struct stub_mapping *mappings;
    size_t mapping_count;
    uint64_t refused;
    uint64_t refused_iova;

    pthread_t worker;
    pthread_cond_t work; /* with lock */
    bool closing;
    bool busy; /* the worker is in a packet */
    bool stopping; /* the queue was disabled: it ends with the packet that the worker is in */
    bool abandon; /* by a reset: that packet ends at its next piece */
    uint64_t doorbell;
    bool rung;
};

/* ---- device.c */
int32_t stub_failure(int32_t result, const char *format, ...) __attribute__((format(printf, 2, 3)));
uint64_t stub_nanos(const ppu_device *device);

/* ---- config.c: all with lock held */
void stub_config_reset(ppu_device *device, uint32_t kind);
uint32_t stub_config_read(const ppu_device *device, uint32_t offset, uint32_t bytes);
/* Answers whether software asked for a function-level reset. */
bool stub_config_write(ppu_device *device, uint32_t offset, uint32_t bytes, uint32_t value);
bool stub_memory_enabled(const ppu_device *device);
bool stub_bus_master(const ppu_device *device);
bool stub_msix_enabled(const ppu_device *device);
bool stub_msix_masked(const ppu_device *device);

/* ---- registers.c: all with lock held */
void stub_registers_reset(ppu_device *device, uint32_t kind);
uint64_t stub_register_read(ppu_device *device, uint64_t offset, uint32_t bytes);
void stub_register_write(ppu_device *device, uint64_t offset, uint32_t bytes, uint64_t value);
uint64_t stub_get(const ppu_device *device, uint32_t address, uint32_t bytes);
void stub_put(ppu_device *device, uint32_t address, uint32_t bytes, uint64_t value);
uint64_t stub_doorbell_read(const ppu_device *device, uint64_t offset, uint32_t bytes);
void stub_doorbell_write(ppu_device *device, uint64_t offset, uint32_t bytes, uint64_t value);

/* ---- interrupt.c: all with lock held */
void stub_interrupt_reset(ppu_device *device);
/* A cause of vector 0 has happened: bits of interrupts.raw. */
void stub_cause(ppu_device *device, uint32_t causes);
/* status follows raw and enable; vector 0 gets a message if a bit of it has come. */
void stub_causes_changed(ppu_device *device, uint32_t before);
void stub_message(ppu_device *device, uint32_t vector, uint32_t moderation_micros);
/* Sends what mask, enable or time had held back. */
void stub_send_pending(ppu_device *device);
/* When the next message is due that moderation holds back; UINT64_MAX: none. */
uint64_t stub_next_message(const ppu_device *device);

/* ---- memory.c: none with lock held */
bool stub_read(ppu_device *device, uint64_t iova, void *buffer, uint64_t bytes);
bool stub_write(ppu_device *device, uint64_t iova, const void *buffer, uint64_t bytes);
/* One aligned store, after everything that was written before. */
bool stub_publish32(ppu_device *device, uint64_t iova, uint32_t value);
bool stub_publish64(ppu_device *device, uint64_t iova, uint64_t value);
bool stub_acquire32(ppu_device *device, uint64_t iova, uint32_t *value);

/* ---- queue.c */
void *stub_worker(void *device);
/* Both with lock held. */
void stub_queue_control(ppu_device *device, uint32_t before, uint32_t value);
void stub_queue_rung(ppu_device *device, uint64_t index);

#endif
