/* MSI-X: masks, pending bits, moderation; and the causes of vector 0. */
#include <unistd.h>

#include "stub.h"

void stub_interrupt_reset(ppu_device *device)
{
    for (int i = 0; i < STUB_VECTORS; i++) {
        device->table[i].address_low = PPU_BAR4_MSIX_ENTRY_ADDRESS_LOW_RESET_VALUE;
        device->table[i].address_high = PPU_BAR4_MSIX_ENTRY_ADDRESS_HIGH_RESET_VALUE;
        device->table[i].data = PPU_BAR4_MSIX_ENTRY_DATA_RESET_VALUE;
        device->table[i].control = PPU_BAR4_MSIX_ENTRY_CONTROL_RESET_VALUE;
        device->vectors[i].pending = false;
        device->vectors[i].held = false;
        device->vectors[i].next = 0;
    }
}

static bool masked(const ppu_device *device, uint32_t vector)
{
    return stub_msix_masked(device) || (device->table[vector].control & PPU_BAR4_MSIX_ENTRY_CONTROL_MASK_MASK) != 0;
}

/* Behind what the device wrote before: the write of a descriptor is a system call, and so more than a release. */
static void send(ppu_device *device, uint32_t vector)
{
    uint64_t one = 1;
    device->vectors[vector].pending = false;
    stub_put(device, PPU_BAR0_INTERRUPTS_SENT_ADDR, 4, stub_get(device, PPU_BAR0_INTERRUPTS_SENT_ADDR, 4) + 1);
    if (device->vectors[vector].descriptor >= 0 && write(device->vectors[vector].descriptor, &one, sizeof one) < 0) {
        /* a counter that is full, or closed by its owner: the message is lost, as on a bus that nobody listens to */
    }
}

static void send_or_hold(ppu_device *device, uint32_t vector)
{
    if (!stub_msix_enabled(device))
        return;
    if (!stub_bus_master(device) || masked(device, vector))
        device->vectors[vector].pending = true;
    else
        send(device, vector);
}

void stub_message(ppu_device *device, uint32_t vector, uint32_t moderation_micros)
{
    if (vector >= STUB_VECTORS)
        return;
    struct stub_vector *state = &device->vectors[vector];
    uint64_t now = stub_nanos(device);
    if (moderation_micros != 0 && now < state->next) {
        state->held = true;
        pthread_cond_broadcast(&device->work); /* the worker keeps the time */
        return;
    }
    state->held = false;
    state->next = now + moderation_micros * 1000ull;
    send_or_hold(device, vector);
}

void stub_send_pending(ppu_device *device)
{
    uint64_t now = stub_nanos(device);
    for (uint32_t i = 0; i < STUB_VECTORS; i++) {
        struct stub_vector *state = &device->vectors[i];
        if (state->held && now >= state->next) {
            state->held = false;
            send_or_hold(device, i);
        }
        if (state->pending && stub_msix_enabled(device) && stub_bus_master(device) && !masked(device, i))
            send(device, i);
    }
}

uint64_t stub_next_message(const ppu_device *device)
{
    uint64_t next = UINT64_MAX;
    for (int i = 0; i < STUB_VECTORS; i++) {
        if (device->vectors[i].held && device->vectors[i].next < next)
            next = device->vectors[i].next;
    }
    return next;
}

void stub_causes_changed(ppu_device *device, uint32_t before)
{
    uint32_t status = (uint32_t)(stub_get(device, PPU_BAR0_INTERRUPTS_RAW_ADDR, 4) & stub_get(device, PPU_BAR0_INTERRUPTS_ENABLE_ADDR, 4));
    stub_put(device, PPU_BAR0_INTERRUPTS_STATUS_ADDR, 4, status);
    if ((status & ~before) != 0)
        stub_message(device, 0, (uint32_t)stub_get(device, PPU_BAR0_INTERRUPTS_MODERATION_ADDR, 4));
}

void stub_cause(ppu_device *device, uint32_t causes)
{
    uint32_t before = (uint32_t)stub_get(device, PPU_BAR0_INTERRUPTS_STATUS_ADDR, 4);
    stub_put(device, PPU_BAR0_INTERRUPTS_RAW_ADDR, 4, stub_get(device, PPU_BAR0_INTERRUPTS_RAW_ADDR, 4) | causes);
    stub_causes_changed(device, before);
}
