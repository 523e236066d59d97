/* BAR0 and BAR4: which registers there are, which bits take writes, and what a write does. */
#include <string.h>

#include "stub.h"

/* A register of BAR0 that is present. */
struct reg {
    uint32_t address;
    uint32_t bytes;
    uint64_t writable;
    uint64_t at_reset;
    bool sticky; /* keeps its value until power goes */
};

#define QUEUE_CONTROL_STORED \
    (PPU_BAR0_QUEUE_CONTROL_ENABLE_MASK | PPU_BAR0_QUEUE_CONTROL_MULTI_PRODUCER_MASK | PPU_BAR0_QUEUE_CONTROL_INTERRUPT_MASK \
     | PPU_BAR0_QUEUE_CONTROL_PRIORITY_MASK | PPU_BAR0_QUEUE_CONTROL_LOG2_PACKETS_MASK | PPU_BAR0_QUEUE_CONTROL_VECTOR_MASK)
#define ALL64 UINT64_MAX
#define ALL32 UINT32_MAX

static const struct reg registers[] = {
    {PPU_BAR0_ID_MAGIC_ADDR, 4, 0, PPU_BAR0_ID_MAGIC_RESET_VALUE, false},
    {PPU_BAR0_ID_ABI_VERSION_ADDR, 4, 0, PPU_BAR0_ID_ABI_VERSION_RESET_VALUE, false},
    {PPU_BAR0_ID_CAPABILITIES_ADDR, 4, 0, PPU_BAR0_ID_CAPABILITIES_QUEUES_MASK | PPU_BAR0_ID_CAPABILITIES_COPY_MASK, false},
    {PPU_BAR0_ID_COUNTS_ADDR, 4, 0, 1u << PPU_BAR0_ID_COUNTS_QUEUES_LSB | 1u << PPU_BAR0_ID_COUNTS_COPY_ENGINES_LSB | (uint32_t)STUB_VECTORS << PPU_BAR0_ID_COUNTS_VECTORS_LSB, false},
    {PPU_BAR0_ID_COMPUTE_COUNTS_ADDR, 4, 0, 0, false},
    {PPU_BAR0_ID_MMU_COUNTS_ADDR, 4, 0, 0, false},
    {PPU_BAR0_ID_SERIAL_ADDR, 8, 0, 0x53545542, false},
    {PPU_BAR0_ID_PRODUCT_ADDR(0), 4, 0, 0x2D555050, false}, /* "PPU-STUB" */
    {PPU_BAR0_ID_PRODUCT_ADDR(1), 4, 0, 0x42555453, false},
    {PPU_BAR0_ID_PRODUCT_ADDR(2), 4, 0, 0, false},
    {PPU_BAR0_ID_PRODUCT_ADDR(3), 4, 0, 0, false},
    {PPU_BAR0_ID_PRODUCT_ADDR(4), 4, 0, 0, false},
    {PPU_BAR0_ID_PRODUCT_ADDR(5), 4, 0, 0, false},
    {PPU_BAR0_ID_PRODUCT_ADDR(6), 4, 0, 0, false},
    {PPU_BAR0_ID_PRODUCT_ADDR(7), 4, 0, 0, false},
    {PPU_BAR0_ID_TEST_ADDR, 4, ALL32, 0, false},
    {PPU_BAR0_ID_TEST64_ADDR, 8, ALL64, 0, false},
    {PPU_BAR0_BOOT_STATUS_ADDR, 4, 0, PPU_BAR0_BOOT_STATE_ROM_READY, false},
    {PPU_BAR0_BOOT_COMMAND_ADDR, 4, PPU_BAR0_BOOT_COMMAND_SOURCE_MASK, 0, false},
    {PPU_BAR0_BOOT_IMAGE_ADDRESS_ADDR, 8, ALL64, 0, false},
    {PPU_BAR0_BOOT_IMAGE_SIZE_ADDR, 4, ALL32, 0, false},
    {PPU_BAR0_BOOT_ROM_VERSION_ADDR, 4, 0, PPU_BAR0_BOOT_ROM_VERSION_RESET_VALUE, false},
    {PPU_BAR0_BOOT_SECURITY_VERSION_ADDR, 4, 0, 0, true},
    {PPU_BAR0_BOOT_KEYS_ADDR, 4, 0, 0, false},
    {PPU_BAR0_BOOT_RESETS_ADDR, 4, 0, 0, true},
    {PPU_BAR0_FW_VERSION_ADDR, 4, 0, 0, false},
    {PPU_BAR0_FW_MESSAGE_ABI_ADDR, 4, 0, 0, false},
    {PPU_BAR0_FW_HEARTBEAT_ADDR, 4, 0, 0, false},
    {PPU_BAR0_FW_HEARTBEAT_PERIOD_ADDR, 4, 0, 0, false},
    {PPU_BAR0_FW_COMMAND_RING_ADDR, 8, ALL64, 0, false},
    {PPU_BAR0_FW_EVENT_RING_ADDR, 8, ALL64, 0, false},
    {PPU_BAR0_FW_RING_CONTROL_ADDR, 4, PPU_BAR0_FW_RING_CONTROL_LOG2_MESSAGES_MASK | PPU_BAR0_FW_RING_CONTROL_ENABLE_MASK, 0, false},
    {PPU_BAR0_FW_COMMAND_TAIL_ADDR, 4, ALL32, 0, false},
    {PPU_BAR0_FW_COMMAND_HEAD_ADDR, 4, 0, 0, false},
    {PPU_BAR0_FW_EVENT_TAIL_ADDR, 4, 0, 0, false},
    {PPU_BAR0_FW_EVENT_HEAD_ADDR, 4, ALL32, 0, false},
    {PPU_BAR0_FW_SCRATCH_ADDR(0), 4, ALL32, 0, false},
    {PPU_BAR0_FW_SCRATCH_ADDR(1), 4, ALL32, 0, false},
    {PPU_BAR0_FW_SCRATCH_ADDR(2), 4, ALL32, 0, false},
    {PPU_BAR0_FW_SCRATCH_ADDR(3), 4, ALL32, 0, false},
    {PPU_BAR0_FW_STICKY_SCRATCH_ADDR(0), 4, ALL32, 0, true},
    {PPU_BAR0_FW_STICKY_SCRATCH_ADDR(1), 4, ALL32, 0, true},
    {PPU_BAR0_FW_STICKY_SCRATCH_ADDR(2), 4, ALL32, 0, true},
    {PPU_BAR0_FW_STICKY_SCRATCH_ADDR(3), 4, ALL32, 0, true},
    {PPU_BAR0_FW_LOG_ADDRESS_ADDR, 8, 0, 0, false},
    {PPU_BAR0_FW_LOG_RECORDS_ADDR, 4, 0, 0, false},
    {PPU_BAR0_FW_LOG_HEAD_ADDR, 4, 0, 0, false},
    {PPU_BAR0_FW_CRASH_ADDRESS_ADDR, 8, 0, 0, true},
    {PPU_BAR0_FW_CRASH_SIZE_ADDR, 4, 0, 0, true},
    {PPU_BAR0_INTERRUPTS_RAW_ADDR, 4, 0, PPU_BAR0_INTERRUPTS_RAW_BOOT_MASK, false}, /* the ROM is ready; write 1 to clear, below */
    {PPU_BAR0_INTERRUPTS_ENABLE_ADDR, 4, 0x1FF, 0, false},
    {PPU_BAR0_INTERRUPTS_STATUS_ADDR, 4, 0, 0, false},
    {PPU_BAR0_INTERRUPTS_MODERATION_ADDR, 4, PPU_BAR0_INTERRUPTS_MODERATION_MICROS_MASK, 0, false},
    {PPU_BAR0_INTERRUPTS_FORCE_ADDR, 4, PPU_BAR0_INTERRUPTS_FORCE_VECTOR_MASK, 0, false},
    {PPU_BAR0_INTERRUPTS_SENT_ADDR, 4, 0, 0, false},
    {PPU_BAR0_MEMORY_SIZE_ADDR, 8, 0, STUB_MEMORY_BYTES, false},
    {PPU_BAR0_MEMORY_WINDOW_ADDR, 8, PPU_BAR0_MEMORY_WINDOW_PAGE_MASK, 0, false}, /* BAR2 is as large as the memory: ignored */
    {PPU_BAR0_MEMORY_RESERVED_ADDR, 4, 0, 0, false},
    {PPU_BAR0_TIMER_NOW_ADDR, 8, 0, 0, false},
    {PPU_BAR0_COPY_STATUS_ADDR(0), 4, 0, 0, false},
    {PPU_BAR0_COPY_FINISHED_ADDR(0), 4, 0, 0, false},
    {PPU_BAR0_COPY_BYTES_ADDR(0), 8, 0, 0, false},
    {PPU_BAR0_QUEUE_CONTROL_ADDR(0), 4, QUEUE_CONTROL_STORED, 0, false},
    {PPU_BAR0_QUEUE_STATUS_ADDR(0), 4, 0, 0, false},
    {PPU_BAR0_QUEUE_BASE_ADDR(0), 8, ALL64, 0, false},
    {PPU_BAR0_QUEUE_READ_INDEX_ADDRESS_ADDR(0), 8, ALL64, 0, false},
    {PPU_BAR0_QUEUE_READ_INDEX_ADDR(0), 8, 0, 0, false},
    {PPU_BAR0_QUEUE_BINDING_ADDR(0), 4, PPU_BAR0_QUEUE_BINDING_CONTEXT_MASK | PPU_BAR0_QUEUE_BINDING_MODERATION_MASK, 0, false},
    {PPU_BAR0_QUEUE_ERROR_PACKET_ADDR(0), 8, 0, 0, false},
    {PPU_BAR0_QUEUE_ERROR_ADDRESS_ADDR(0), 8, 0, 0, false},
    {PPU_BAR0_QUEUE_PROGRESS_ADDR(0), 8, 0, 0, false},
};

uint64_t stub_get(const ppu_device *device, uint32_t address, uint32_t bytes)
{
    uint64_t value = 0;
    memcpy(&value, device->bar0 + address, bytes);
    return value;
}

void stub_put(ppu_device *device, uint32_t address, uint32_t bytes, uint64_t value)
{
    memcpy(device->bar0 + address, &value, bytes);
}

void stub_registers_reset(ppu_device *device, uint32_t kind)
{
    uint64_t resets = stub_get(device, PPU_BAR0_BOOT_RESETS_ADDR, 4);
    for (size_t i = 0; i < sizeof registers / sizeof *registers; i++) {
        if (kind == PPU_RESET_COLD || !registers[i].sticky)
            stub_put(device, registers[i].address, registers[i].bytes, registers[i].at_reset);
    }
    device->doorbell = 0;
    device->rung = false;
    if (kind != PPU_RESET_COLD) {
        uint64_t code = kind == PPU_RESET_SECONDARY_BUS ? 1 : 2;
        uint64_t count = (resets + 1) & PPU_BAR0_BOOT_RESETS_COUNT_MASK;
        stub_put(device, PPU_BAR0_BOOT_RESETS_ADDR, 4, count | code << PPU_BAR0_BOOT_RESETS_LAST_LSB);
    }
}

static const struct reg *find(uint64_t address, uint32_t bytes)
{
    for (size_t i = 0; i < sizeof registers / sizeof *registers; i++) {
        if (registers[i].address == address && registers[i].bytes == bytes)
            return &registers[i];
    }
    return NULL; /* absent, or another width: reads zero, writes nothing */
}

uint64_t stub_register_read(ppu_device *device, uint64_t offset, uint32_t bytes)
{
    const struct reg *reg = find(offset, bytes);
    if (reg == NULL)
        return 0;
    if (reg->address == PPU_BAR0_TIMER_NOW_ADDR)
        return stub_nanos(device);
    uint64_t resetting = reg->address == PPU_BAR0_QUEUE_STATUS_ADDR(0) && device->abandon ? PPU_BAR0_QUEUE_STATUS_RESETTING_MASK : 0;
    return stub_get(device, reg->address, bytes) | resetting;
}

/* Its ROM trusts no key. */
static void refuse_image(ppu_device *device)
{
    uint32_t status = (uint32_t)stub_get(device, PPU_BAR0_BOOT_STATUS_ADDR, 4);
    uint32_t refused = PPU_BAR0_FIELD_GET(status, PPU_BAR0_BOOT_STATUS_REFUSED);
    status = PPU_BAR0_FIELD_PUT(status, PPU_BAR0_BOOT_STATUS_ERROR, (uint32_t)PPU_BAR0_BOOT_ERROR_UNKNOWN_KEY);
    status = PPU_BAR0_FIELD_PUT(status, PPU_BAR0_BOOT_STATUS_REFUSED, refused < 255 ? refused + 1 : refused);
    stub_put(device, PPU_BAR0_BOOT_STATUS_ADDR, 4, status);
    stub_cause(device, PPU_BAR0_INTERRUPTS_RAW_BOOT_MASK);
}

void stub_register_write(ppu_device *device, uint64_t offset, uint32_t bytes, uint64_t value)
{
    const struct reg *reg = find(offset, bytes);
    if (reg == NULL)
        return;
    uint64_t before = stub_get(device, reg->address, bytes);
    uint32_t causes = (uint32_t)stub_get(device, PPU_BAR0_INTERRUPTS_STATUS_ADDR, 4);
    stub_put(device, reg->address, bytes, (before & ~reg->writable) | (value & reg->writable));
    switch (reg->address) {
    case PPU_BAR0_BOOT_COMMAND_ADDR:
        if (value & PPU_BAR0_BOOT_COMMAND_START_MASK)
            refuse_image(device);
        break;
    case PPU_BAR0_INTERRUPTS_RAW_ADDR:
        stub_put(device, reg->address, bytes, before & ~value);
        stub_causes_changed(device, causes);
        break;
    case PPU_BAR0_INTERRUPTS_ENABLE_ADDR:
        stub_causes_changed(device, causes);
        break;
    case PPU_BAR0_INTERRUPTS_FORCE_ADDR:
        if (value & PPU_BAR0_INTERRUPTS_FORCE_FIRE_MASK)
            stub_message(device, PPU_BAR0_FIELD_GET((uint32_t)value, PPU_BAR0_INTERRUPTS_FORCE_VECTOR), 0);
        break;
    case PPU_BAR0_QUEUE_CONTROL_ADDR(0):
        stub_queue_control(device, (uint32_t)before, (uint32_t)value);
        break;
    default:
        break;
    }
}

/* ---------------------------------------------------------------- BAR4 */

/* The word of the MSI-X table at an offset in it. */
static volatile uint32_t *table_word(ppu_device *device, uint64_t offset)
{
    struct ppu_bar4_msix_entry_regs *entry = &device->table[offset / PPU_BAR4_VECTOR_STRIDE];
    switch (offset % PPU_BAR4_VECTOR_STRIDE) {
    case PPU_BAR4_MSIX_ENTRY_ADDRESS_LOW_OFFSET: return &entry->address_low;
    case PPU_BAR4_MSIX_ENTRY_ADDRESS_HIGH_OFFSET: return &entry->address_high;
    case PPU_BAR4_MSIX_ENTRY_DATA_OFFSET: return &entry->data;
    default: return &entry->control;
    }
}

static bool in_table(uint64_t offset, uint32_t bytes)
{
    return bytes >= 4 && offset >= PPU_BAR4_VECTOR_OFFSET && offset < PPU_BAR4_VECTOR_OFFSET + STUB_VECTORS * PPU_BAR4_VECTOR_STRIDE;
}

static uint64_t pending_bits(const ppu_device *device)
{
    uint64_t bits = 0;
    for (int i = 0; i < STUB_VECTORS; i++)
        bits |= (uint64_t)device->vectors[i].pending << i;
    return bits;
}

uint64_t stub_doorbell_read(const ppu_device *device, uint64_t offset, uint32_t bytes)
{
    if (in_table(offset, bytes)) {
        uint64_t at = offset - PPU_BAR4_VECTOR_OFFSET;
        uint64_t low = *table_word((ppu_device *)(uintptr_t)device, at);
        return bytes == 4 ? low : low | (uint64_t)*table_word((ppu_device *)(uintptr_t)device, at + 4) << 32;
    }
    if (bytes >= 4 && offset == PPU_BAR4_PENDING_OFFSET)
        return bytes == 4 ? (uint32_t)pending_bits(device) : pending_bits(device);
    return 0;
}

static void write_table(ppu_device *device, uint64_t at, uint32_t value)
{
    static const uint32_t writable[] = {PPU_BAR4_MSIX_ENTRY_ADDRESS_LOW_VALUE_MASK, ALL32, ALL32, PPU_BAR4_MSIX_ENTRY_CONTROL_MASK_MASK};
    *table_word(device, at) = value & writable[at % PPU_BAR4_VECTOR_STRIDE / 4];
}

void stub_doorbell_write(ppu_device *device, uint64_t offset, uint32_t bytes, uint64_t value)
{
    if (in_table(offset, bytes)) {
        uint64_t at = offset - PPU_BAR4_VECTOR_OFFSET;
        write_table(device, at, (uint32_t)value);
        if (bytes == 8)
            write_table(device, at + 4, (uint32_t)(value >> 32));
        stub_send_pending(device);
    } else if (offset == PPU_BAR4_QUEUE_OFFSET && bytes == 8) {
        stub_queue_rung(device, value);
    }
}
