/* Config space: a type 0 header, power management, vendor-specific, PCI Express, MSI-X, serial number. */
#include <string.h>

#include "stub.h"

enum {
    COMMAND = 0x04,
    COMMAND_MEMORY = 1 << 1,
    COMMAND_BUS_MASTER = 1 << 2,
    BAR0 = 0x10,
    PM = 0x40,
    PM_STATE = 3,
    PM_D3HOT = 3,
    VENDOR = 0x48,
    PCIE = 0x60,
    PCIE_DEVICE_CONTROL = PCIE + 8,
    FLR = 1 << 15,
    MAX_PAYLOAD = 7 << 5,
    PCIE_LINK_CONTROL = PCIE + 16,
    CLOCKS_AND_SYNCH = 3 << 6,
    MSIX = 0xA0,
    MSIX_CONTROL = MSIX + 2,
    MSIX_ENABLE = 1 << 15,
    MSIX_MASK_ALL = 1 << 14,
    SERIAL = 0x100,
};

static void set16(ppu_device *device, uint32_t offset, uint32_t value)
{
    device->config[offset] = (uint8_t)value;
    device->config[offset + 1] = (uint8_t)(value >> 8);
}

static void set32(ppu_device *device, uint32_t offset, uint32_t value)
{
    set16(device, offset, value);
    set16(device, offset + 2, value >> 16);
}

static uint32_t get(const ppu_device *device, uint32_t offset, uint32_t bytes)
{
    uint32_t value = 0;
    for (uint32_t i = bytes; i-- > 0;)
        value = value << 8 | device->config[offset + i];
    return value;
}

/* A function-level reset leaves Max_Payload_Size and Link Control (PCIe 6.0, 6.6.2). */
void stub_config_reset(ppu_device *device, uint32_t kind)
{
    bool function_level = kind == PPU_RESET_FUNCTION_LEVEL;
    uint32_t payload = function_level ? get(device, PCIE_DEVICE_CONTROL, 2) & MAX_PAYLOAD : 0;
    uint32_t link = function_level ? get(device, PCIE_LINK_CONTROL, 2) : 0;
    memset(device->config, 0, sizeof device->config);
    set16(device, PCIE_DEVICE_CONTROL, payload);
    set16(device, PCIE_LINK_CONTROL, link);
    set32(device, 0x00, 0x60011ded);
    set16(device, 0x06, 0x0010); /* there is a list of capabilities */
    set32(device, 0x08, 0x03020001);
    set32(device, BAR0 + 8, 0xC);  /* BAR2: 64 bits, prefetchable */
    set32(device, BAR0 + 16, 0x4); /* BAR4: 64 bits */
    set32(device, 0x2C, 0x4f501ded);
    device->config[0x34] = PM;

    set32(device, PM, 0x00030000 | VENDOR << 8 | 0x01);
    set32(device, PM + 4, 0x00000008); /* D0; D3hot to D0 resets nothing */

    set32(device, VENDOR, 0x01100000 | PCIE << 8 | 0x09);
    set32(device, VENDOR + 4, 0x5550504F);
    set32(device, VENDOR + 8, 1u << 16 | 1u);
    set32(device, VENDOR + 12, 1000); /* profile: none of the model's */

    set32(device, PCIE, 0x00020000 | MSIX << 8 | 0x10);
    set32(device, PCIE + 4, 1u << 28 | 1u << 15); /* FLR, role-based errors */
    set32(device, PCIE + 12, 0x00000011); /* 2.5 GT/s, x1 */
    set16(device, PCIE + 18, 0x0011);

    set32(device, MSIX, (STUB_VECTORS - 1u) << 16 | 0x11);
    set32(device, MSIX + 4, PPU_BAR4_VECTOR_OFFSET | 4);
    set32(device, MSIX + 8, PPU_BAR4_PENDING_OFFSET | 4);

    set32(device, SERIAL, 0x00010003);
    set32(device, SERIAL + 4, 0x53545542); /* "STUB" */
}

/* Which bits of a byte software may write. */
static uint8_t writable(uint32_t offset)
{
    static const struct {
        uint16_t offset;
        uint8_t bytes;
        uint32_t mask;
    } fields[] = {
        {COMMAND, 2, 0x0546},
        {0x0C, 1, 0xFF}, /* cache line size */
        {0x3C, 1, 0xFF}, /* interrupt line */
        {BAR0, 4, ~(STUB_BAR_BYTES - 1u)},
        {BAR0 + 8, 4, ~(STUB_MEMORY_BYTES - 1u)},
        {BAR0 + 12, 4, 0xFFFFFFFF},
        {BAR0 + 16, 4, ~(STUB_BAR_BYTES - 1u)},
        {BAR0 + 20, 4, 0xFFFFFFFF},
        {PM + 4, 1, 0x03},
        {PCIE_DEVICE_CONTROL, 2, 0x78FF},
        {PCIE_LINK_CONTROL, 2, CLOCKS_AND_SYNCH},
        {MSIX_CONTROL, 2, MSIX_ENABLE | MSIX_MASK_ALL},
    };
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        if (offset >= fields[i].offset && offset < fields[i].offset + (uint32_t)fields[i].bytes)
            return (uint8_t)(fields[i].mask >> 8 * (offset - fields[i].offset));
    }
    return 0;
}

uint32_t stub_config_read(const ppu_device *device, uint32_t offset, uint32_t bytes)
{
    return get(device, offset, bytes);
}

bool stub_config_write(ppu_device *device, uint32_t offset, uint32_t bytes, uint32_t value)
{
    uint8_t state = device->config[PM + 4] & PM_STATE;
    for (uint32_t i = 0; i < bytes; i++) {
        uint8_t mask = writable(offset + i);
        uint8_t byte = (uint8_t)(value >> 8 * i);
        device->config[offset + i] = (uint8_t)((device->config[offset + i] & ~mask) | (byte & mask));
    }
    uint8_t wanted = device->config[PM + 4] & PM_STATE;
    if (wanted != 0 && wanted != PM_D3HOT) /* there are D0 and D3hot; a write of another state is dropped */
        device->config[PM + 4] = (uint8_t)((device->config[PM + 4] & ~PM_STATE) | state);
    uint32_t high = PCIE_DEVICE_CONTROL + 1;
    return offset <= high && high < offset + bytes && (value >> 8 * (high - offset) & FLR >> 8) != 0;
}

bool stub_memory_enabled(const ppu_device *device)
{
    bool d0 = (device->config[PM + 4] & 3) == 0;
    return d0 && (get(device, COMMAND, 2) & COMMAND_MEMORY) != 0;
}

bool stub_bus_master(const ppu_device *device)
{
    return (get(device, COMMAND, 2) & COMMAND_BUS_MASTER) != 0 && (device->config[PM + 4] & 3) == 0;
}

bool stub_msix_enabled(const ppu_device *device)
{
    return (get(device, MSIX_CONTROL, 2) & MSIX_ENABLE) != 0;
}

bool stub_msix_masked(const ppu_device *device)
{
    return (get(device, MSIX_CONTROL, 2) & MSIX_MASK_ALL) != 0;
}
