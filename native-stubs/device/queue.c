/* The queue: takes packets in order, one at a time, so that each barrier bit is met by itself; and the DMA channel that works for it. */
#include <string.h>
#include <time.h>

#include "stub.h"

enum {
    PACKET_BYTES = 64,
    TYPE_VENDOR = 0,
    TYPE_INVALID = 1,
    FORMAT_COPY = 1,
    FORMAT_FILL = 2,
    FLAG_SCATTER_GATHER = 1,
    LEAST_LOG2 = 2,
    MOST_LOG2 = 16,
    MOST_ENTRIES = 65536,
    PIECE = 64 << 10,
    READ_INDEX_RUN = 32,
};

struct packet {
    uint16_t header;
    uint16_t format;
    uint32_t word; /* flags of COPY, element bytes of FILL */
    uint64_t source; /* or pattern */
    uint64_t destination;
    uint64_t count;
    uint64_t reserved[3];
    uint64_t signal;
};

struct entry {
    uint64_t source;
    uint64_t destination;
    uint64_t bytes;
    uint64_t reserved;
};

_Static_assert(sizeof(struct packet) == PACKET_BYTES, "a packet");

/* How a packet ended. */
struct outcome {
    uint32_t error; /* PPU_BAR0_QUEUE_ERROR_*, NONE if it completed */
    uint64_t address;
    bool abandoned;
};

static const struct outcome completed = {PPU_BAR0_QUEUE_ERROR_NONE, 0, false};
static const struct outcome abandoned = {PPU_BAR0_QUEUE_ERROR_NONE, 0, true};

static struct outcome failed(uint32_t error, uint64_t address)
{
    return (struct outcome){error, address, false};
}

/* Counts a piece of work; answers whether to go on. */
static bool progressed(ppu_device *device, uint64_t bytes)
{
    pthread_mutex_lock(&device->lock);
    stub_put(device, PPU_BAR0_QUEUE_PROGRESS_ADDR(0), 8, stub_get(device, PPU_BAR0_QUEUE_PROGRESS_ADDR(0), 8) + 1);
    stub_put(device, PPU_BAR0_COPY_BYTES_ADDR(0), 8, stub_get(device, PPU_BAR0_COPY_BYTES_ADDR(0), 8) + bytes);
    bool on = !device->abandon && !device->closing;
    pthread_mutex_unlock(&device->lock);
    return on;
}

static struct outcome copy_range(ppu_device *device, uint64_t source, uint64_t destination, uint64_t bytes, uint8_t *buffer)
{
    while (bytes > 0) {
        uint64_t part = bytes < PIECE ? bytes : PIECE;
        if (!stub_read(device, source, buffer, part))
            return failed(PPU_BAR0_QUEUE_ERROR_MEMORY_FAULT, source);
        if (!stub_write(device, destination, buffer, part))
            return failed(PPU_BAR0_QUEUE_ERROR_MEMORY_FAULT, destination);
        source += part;
        destination += part;
        bytes -= part;
        if (!progressed(device, part))
            return abandoned;
    }
    return completed;
}

static struct outcome copy_list(ppu_device *device, const struct packet *packet, uint8_t *buffer)
{
    for (uint64_t i = 0; i < packet->count; i++) {
        struct entry entry;
        uint64_t at = packet->source + i * sizeof entry;
        if (!stub_read(device, at, &entry, sizeof entry))
            return failed(PPU_BAR0_QUEUE_ERROR_MEMORY_FAULT, at);
        if (entry.reserved != 0 || (int64_t)entry.bytes < 0)
            return failed(PPU_BAR0_QUEUE_ERROR_INVALID_PACKET, at);
        struct outcome outcome = copy_range(device, entry.source, entry.destination, entry.bytes, buffer);
        if (outcome.error != PPU_BAR0_QUEUE_ERROR_NONE || outcome.abandoned)
            return outcome;
    }
    return completed;
}

static struct outcome fill(ppu_device *device, const struct packet *packet, uint8_t *buffer)
{
    uint64_t bytes = packet->count * packet->word;
    uint64_t destination = packet->destination;
    for (uint64_t i = 0; i < PIECE && i < bytes; i++)
        buffer[i] = (uint8_t)(packet->source >> 8 * (i % packet->word));
    while (bytes > 0) {
        uint64_t part = bytes < PIECE ? bytes : PIECE;
        if (!stub_write(device, destination, buffer, part))
            return failed(PPU_BAR0_QUEUE_ERROR_MEMORY_FAULT, destination);
        destination += part;
        bytes -= part;
        if (!progressed(device, part))
            return abandoned;
    }
    return completed;
}

static bool unused_clear(const struct packet *packet)
{
    return (packet->header >> 13) == 0 && packet->reserved[0] == 0 && packet->reserved[1] == 0 && packet->reserved[2] == 0 && packet->signal % 8 == 0
        && (packet->header >> 9 & 3) != 3 && (packet->header >> 11 & 3) != 3;
}

static bool well_formed(const struct packet *packet)
{
    if ((packet->header & 0xff) != TYPE_VENDOR || !unused_clear(packet))
        return false;
    if (packet->format == FORMAT_COPY) {
        if (packet->word == FLAG_SCATTER_GATHER)
            return packet->count >= 1 && packet->count <= MOST_ENTRIES;
        return packet->word == 0 && (int64_t)packet->count >= 0;
    }
    bool element = packet->word == 1 || packet->word == 2 || packet->word == 4;
    return packet->format == FORMAT_FILL && element && packet->destination % packet->word == 0 && packet->count <= INT64_MAX / packet->word;
}

static struct outcome work(ppu_device *device, const struct packet *packet)
{
    uint8_t buffer[PIECE];
    if (packet->format == FORMAT_FILL)
        return fill(device, packet, buffer);
    if (packet->word == FLAG_SCATTER_GATHER)
        return copy_list(device, packet, buffer);
    return copy_range(device, packet->source, packet->destination, packet->count, buffer);
}

/* One less, or -1 for work that did not complete; answers whether the signal could be reached. */
static bool signal_end(ppu_device *device, uint64_t signal, bool well)
{
    if (signal == 0)
        return true;
    uint64_t value = 0;
    if (well && !stub_read(device, signal, &value, sizeof value))
        return false;
    return stub_publish64(device, signal, value - 1);
}

/* ---------------------------------------------------------------- the ring; the functions below are called with lock held unless they say otherwise */

static uint32_t control(const ppu_device *device)
{
    return (uint32_t)stub_get(device, PPU_BAR0_QUEUE_CONTROL_ADDR(0), 4);
}

static bool enabled(const ppu_device *device)
{
    return (control(device) & PPU_BAR0_QUEUE_CONTROL_ENABLE_MASK) != 0;
}

static uint32_t state(const ppu_device *device)
{
    return PPU_BAR0_FIELD_GET((uint32_t)stub_get(device, PPU_BAR0_QUEUE_STATUS_ADDR(0), 4), PPU_BAR0_QUEUE_STATUS_STATE);
}

static void set_state(ppu_device *device, uint32_t value, uint32_t error)
{
    uint32_t status = PPU_BAR0_FIELD_PUT(0u, PPU_BAR0_QUEUE_STATUS_STATE, value);
    status = PPU_BAR0_FIELD_PUT(status, PPU_BAR0_QUEUE_STATUS_ERROR, error);
    stub_put(device, PPU_BAR0_QUEUE_STATUS_ADDR(0), 4, PPU_BAR0_FIELD_PUT(status, PPU_BAR0_QUEUE_STATUS_EXCEPTION, error ? 0x3Fu : 0u));
}

static void stop(ppu_device *device, uint32_t error, uint64_t packet, uint64_t address)
{
    set_state(device, PPU_BAR0_QUEUE_STATE_ERROR, error);
    stub_put(device, PPU_BAR0_QUEUE_ERROR_PACKET_ADDR(0), 8, packet);
    stub_put(device, PPU_BAR0_QUEUE_ERROR_ADDRESS_ADDR(0), 8, address);
    stub_cause(device, PPU_BAR0_INTERRUPTS_RAW_QUEUE_ERROR_MASK);
}

static void disabled(ppu_device *device)
{
    set_state(device, PPU_BAR0_QUEUE_STATE_DISABLED, PPU_BAR0_QUEUE_ERROR_NONE);
    stub_put(device, PPU_BAR0_QUEUE_READ_INDEX_ADDR(0), 8, 0);
    device->doorbell = 0;
    device->rung = false;
}

/* Slot 0 is looked at at once. */
static void begin(ppu_device *device)
{
    uint32_t log2 = PPU_BAR0_FIELD_GET(control(device), PPU_BAR0_QUEUE_CONTROL_LOG2_PACKETS);
    stub_put(device, PPU_BAR0_QUEUE_PROGRESS_ADDR(0), 8, 0);
    set_state(device, PPU_BAR0_QUEUE_STATE_IDLE, PPU_BAR0_QUEUE_ERROR_NONE);
    if (log2 < LEAST_LOG2 || log2 > MOST_LOG2 || stub_get(device, PPU_BAR0_QUEUE_BASE_ADDR(0), 8) % STUB_PAGE != 0
        || stub_get(device, PPU_BAR0_QUEUE_READ_INDEX_ADDRESS_ADDR(0), 8) % 8 != 0)
        stop(device, PPU_BAR0_QUEUE_ERROR_RING_FAULT, 0, 0);
    device->rung = true;
}

/* What was in flight has ended. */
static void stopped(ppu_device *device)
{
    device->stopping = false;
    disabled(device);
    if (device->abandon) {
        device->abandon = false;
        stub_cause(device, PPU_BAR0_INTERRUPTS_RAW_ENGINE_RESET_MASK);
    }
    if (enabled(device))
        begin(device);
}

void stub_queue_control(ppu_device *device, uint32_t before, uint32_t value)
{
    if (device->abandon) { /* a reset is under way: the write is ignored */
        stub_put(device, PPU_BAR0_QUEUE_CONTROL_ADDR(0), 4, before);
        return;
    }
    bool was = (before & PPU_BAR0_QUEUE_CONTROL_ENABLE_MASK) != 0;
    if ((value & PPU_BAR0_QUEUE_CONTROL_RESET_MASK) != 0) {
        stub_put(device, PPU_BAR0_QUEUE_CONTROL_ADDR(0), 4, before & ~PPU_BAR0_QUEUE_CONTROL_ENABLE_MASK);
        device->abandon = true;
        device->stopping = true;
    } else if (was && !enabled(device)) {
        device->stopping = true;
    }
    if (device->stopping && !device->busy)
        stopped(device);
    else if (!device->stopping && enabled(device) && !was)
        begin(device);
    pthread_cond_broadcast(&device->work);
}

void stub_queue_rung(ppu_device *device, uint64_t index)
{
    if (!enabled(device) || state(device) == PPU_BAR0_QUEUE_STATE_ERROR)
        return;
    bool single = (control(device) & PPU_BAR0_QUEUE_CONTROL_MULTI_PRODUCER_MASK) == 0;
    if (single && (int64_t)(index - device->doorbell) < 0) {
        stop(device, PPU_BAR0_QUEUE_ERROR_DOORBELL_BACK, stub_get(device, PPU_BAR0_QUEUE_READ_INDEX_ADDR(0), 8), index);
        return;
    }
    device->doorbell = index;
    device->rung = true;
    pthread_cond_broadcast(&device->work);
}

/* Not with lock held: takes the packet at an index, if there is one. */
static bool take(ppu_device *device, uint64_t base, uint64_t slots, uint64_t index, struct packet *packet, bool *fault)
{
    uint64_t slot = base + (index & (slots - 1)) * PACKET_BYTES;
    uint32_t word;
    *fault = !stub_acquire32(device, slot, &word);
    if (*fault || (word & 0xff) == TYPE_INVALID)
        return false;
    *fault = !stub_read(device, slot, packet, sizeof *packet) || !stub_publish32(device, slot, TYPE_INVALID);
    packet->header = (uint16_t)word;
    packet->format = (uint16_t)(word >> 16);
    return !*fault;
}

/* What a packet has to say at its end. */
static void end(ppu_device *device, const struct packet *packet, uint64_t index, struct outcome outcome)
{
    bool well = outcome.error == PPU_BAR0_QUEUE_ERROR_NONE && !outcome.abandoned;
    pthread_mutex_unlock(&device->lock);
    bool reached = signal_end(device, packet->signal, well);
    pthread_mutex_lock(&device->lock);
    stub_put(device, PPU_BAR0_QUEUE_PROGRESS_ADDR(0), 8, stub_get(device, PPU_BAR0_QUEUE_PROGRESS_ADDR(0), 8) + 1);
    if (well && !reached)
        outcome = failed(PPU_BAR0_QUEUE_ERROR_MEMORY_FAULT, packet->signal);
    if (outcome.error != PPU_BAR0_QUEUE_ERROR_NONE) {
        stop(device, outcome.error, index, outcome.address);
    } else if (well) {
        stub_put(device, PPU_BAR0_COPY_FINISHED_ADDR(0), 4, stub_get(device, PPU_BAR0_COPY_FINISHED_ADDR(0), 4) + 1);
        uint32_t settings = control(device);
        if ((settings & PPU_BAR0_QUEUE_CONTROL_INTERRUPT_MASK) != 0 && packet->signal != 0)
            stub_message(device, PPU_BAR0_FIELD_GET(settings, PPU_BAR0_QUEUE_CONTROL_VECTOR),
                PPU_BAR0_FIELD_GET((uint32_t)stub_get(device, PPU_BAR0_QUEUE_BINDING_ADDR(0), 4), PPU_BAR0_QUEUE_BINDING_MODERATION));
    }
}

/* Takes packets until there is none, or the queue stops. */
static void run(ppu_device *device)
{
    uint64_t base = stub_get(device, PPU_BAR0_QUEUE_BASE_ADDR(0), 8);
    uint64_t slots = 1ull << PPU_BAR0_FIELD_GET(control(device), PPU_BAR0_QUEUE_CONTROL_LOG2_PACKETS);
    uint64_t posted_to = stub_get(device, PPU_BAR0_QUEUE_READ_INDEX_ADDRESS_ADDR(0), 8);
    uint64_t index = stub_get(device, PPU_BAR0_QUEUE_READ_INDEX_ADDR(0), 8);
    uint64_t posted = index;
    set_state(device, PPU_BAR0_QUEUE_STATE_RUNNING, PPU_BAR0_QUEUE_ERROR_NONE);
    while (!device->stopping && !device->closing && state(device) != PPU_BAR0_QUEUE_STATE_ERROR) {
        struct packet packet;
        bool fault;
        device->rung = false;
        pthread_mutex_unlock(&device->lock);
        bool taken = take(device, base, slots, index, &packet, &fault);
        pthread_mutex_lock(&device->lock);
        if (fault) {
            stop(device, PPU_BAR0_QUEUE_ERROR_RING_FAULT, index, base + (index & (slots - 1)) * PACKET_BYTES);
            break;
        }
        if (!taken && device->rung)
            continue; /* rung while it looked */
        if (taken) {
            index++;
            stub_put(device, PPU_BAR0_QUEUE_READ_INDEX_ADDR(0), 8, index);
        }
        if (posted_to != 0 && index != posted && (!taken || index - posted >= READ_INDEX_RUN)) {
            pthread_mutex_unlock(&device->lock);
            bool reached = stub_publish64(device, posted_to, index);
            pthread_mutex_lock(&device->lock);
            posted = index;
            if (!reached) {
                stop(device, PPU_BAR0_QUEUE_ERROR_RING_FAULT, index, posted_to);
                break;
            }
        }
        if (!taken)
            break;
        struct outcome outcome = failed(PPU_BAR0_QUEUE_ERROR_INVALID_PACKET, 0);
        if (well_formed(&packet)) {
            stub_put(device, PPU_BAR0_COPY_STATUS_ADDR(0), 4, PPU_BAR0_COPY_ENGINE_STATUS_BUSY_MASK);
            pthread_mutex_unlock(&device->lock);
            outcome = work(device, &packet);
            pthread_mutex_lock(&device->lock);
            stub_put(device, PPU_BAR0_COPY_STATUS_ADDR(0), 4, 0);
        }
        end(device, &packet, index - 1, outcome);
    }
}

/* The worker's wait: for a doorbell, or for a message that moderation holds back. */
static void rest(ppu_device *device)
{
    uint64_t next = stub_next_message(device);
    if (next == UINT64_MAX) {
        pthread_cond_wait(&device->work, &device->lock);
        return;
    }
    uint64_t at = device->origin + next;
    struct timespec until = {.tv_sec = (time_t)(at / 1000000000u), .tv_nsec = (long)(at % 1000000000u)};
    pthread_cond_timedwait(&device->work, &device->lock, &until);
    stub_send_pending(device);
}

void *stub_worker(void *argument)
{
    ppu_device *device = argument;
    pthread_mutex_lock(&device->lock);
    while (!device->closing) {
        if (!device->rung || !enabled(device) || state(device) == PPU_BAR0_QUEUE_STATE_ERROR) {
            rest(device);
            continue;
        }
        device->busy = true;
        run(device);
        device->busy = false;
        if (device->stopping)
            stopped(device);
        else if (state(device) == PPU_BAR0_QUEUE_STATE_RUNNING)
            set_state(device, PPU_BAR0_QUEUE_STATE_IDLE, PPU_BAR0_QUEUE_ERROR_NONE);
        pthread_cond_broadcast(&device->work);
    }
    pthread_mutex_unlock(&device->lock);
    return NULL;
}
