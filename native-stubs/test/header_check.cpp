// ppu_device.h is a C++17 header, too: this compiles, and links against the library.
#include "ppu_device.h"

#include <cstddef>
#include <type_traits>

static_assert(std::is_standard_layout_v<ppu_host> && std::is_trivially_copyable_v<ppu_host>);
static_assert(std::is_standard_layout_v<ppu_device_info> && std::is_trivially_copyable_v<ppu_device_info>);
static_assert(offsetof(ppu_device_info, bars) == 24 && sizeof(ppu_device_bar) == 16 && sizeof(ppu_device_info) == 128);
static_assert(sizeof(ppu_host) == 40);

int main()
{
    return ppu_device_abi() == PPU_DEVICE_ABI ? 0 : 1;
}
