/*
 * ppu_device.h: a device in a library.
 *
 * The C interface by which any native register model (a model in C, verilated RTL, a vendor's library, a driver for a board of one's own) becomes a device of OpenPPU:
 * it is opened as "native:PATH/TO/LIBRARY.so?option=value". A library is one PCIe function, or any number of them at a time: everything hangs on a ppu_device.
 *
 * C11, and C++17. Integers are the host's, addresses and offsets count bytes, registers are little-endian values. Nothing here says PPU beyond the names: a library
 * may be any PCIe function.
 *
 * RULES FOR BOTH SIDES
 *  - Every function may be called from any thread, several at a time, unless its text says otherwise. A library that cannot do so takes a lock of its own.
 *  - A function that returns int32_t returns PPU_OK or a negative PPU_E_*; then ppu_device_error() has a sentence for people.
 *  - No function may end the process, throw through this interface, or wait for its caller. PCIe decides what bad accesses mean: a read that nobody answers gives all ones and
 *    PPU_OK, a write that nobody takes is lost and PPU_OK. PPU_E_INVALID is for what cannot be said on the bus: a BAR index of 6, an access of 3 bytes.
 *  - ORDER is PCIe's. Writes (ppu_device_bar_write) are posted: they stay in order, and a read of the same device comes behind them. What the device wrote to host memory is there
 *    before the interrupt message, and before the completion of a register read, that follows it: release stores by the device, acquire loads by the host.
 *  - A structure begins with struct_size, which its maker sets to the size that it knows. Whoever reads it takes the smaller size of both and zero for the rest: so structures grow at
 *    their end. Fields named reserved are zero.
 *
 * VERSIONS
 *  - ppu_device_abi() returns PPU_DEVICE_ABI of the header that the library was built with. Another major version is refused; a library may have any minor version.
 *  - A function marked OPTIONAL may be missing from a library; the text says what the host does then. All others must be there.
 */
#ifndef PPU_DEVICE_H
#define PPU_DEVICE_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PPU_DEVICE_ABI_MAJOR 1u
#define PPU_DEVICE_ABI_MINOR 0u
#define PPU_DEVICE_ABI (PPU_DEVICE_ABI_MAJOR << 16 | PPU_DEVICE_ABI_MINOR)

#if defined(__GNUC__) || defined(__clang__)
#define PPU_DEVICE_EXPORT __attribute__((visibility("default")))
#else
#define PPU_DEVICE_EXPORT
#endif

/* ---------------------------------------------------------------- results */

#define PPU_OK 0
#define PPU_E_INVALID (-1)     /* an argument that makes no sense on any bus: the caller's mistake */
#define PPU_E_NO_MEMORY (-2)   /* memory, descriptors or address space are exhausted */
#define PPU_E_UNSUPPORTED (-3) /* this device cannot do that, and never will */
#define PPU_E_LOST (-4)        /* the device is gone (unplugged, its process ended): only ppu_device_close is left */
#define PPU_E_OPTION (-5)      /* ppu_device_open: an option that the library does not know, or a value that it cannot take */
#define PPU_E_OVERLAP (-6)     /* ppu_device_dma_map: part of the range is mapped already */
#define PPU_E_FAILED (-7)      /* anything else: the sentence says what */

/* ---------------------------------------------------------------- objects */

/* One open function. The library's own. */
typedef struct ppu_device ppu_device;

/* What a device asks of its host. All of it may be called from any thread of the library's until ppu_device_close has returned, also from inside a function of this interface. */
typedef struct ppu_host {
    uint32_t struct_size;
    uint32_t reserved;

    /* Given back in each call; the library never looks behind it. */
    void *host;

    /*
     * Reads bytes of host memory at an IOVA into buffer, or writes them. The host refuses, as an IOMMU does, what is not mapped with the right: PPU_E_INVALID, nothing written, buffer
     * untouched; on the bus that is an unsupported request, and the device does what it does then. Never for devices that took a mapping by ppu_device_dma_map. 0 bytes are PPU_OK. Aligned
     * values of 2, 4 and 8 bytes are read and written in one piece, behind everything before.
     */
    int32_t (*dma_read)(void *host, uint64_t iova, void *buffer, uint64_t bytes);
    int32_t (*dma_write)(void *host, uint64_t iova, const void *buffer, uint64_t bytes);

    /* A line for the log, without its end: level 0 debug, 1 information, 2 warning, 3 error. text is UTF-8, ends with NUL and may be reused after the call. */
    void (*log)(void *host, int32_t level, const char *text);
} ppu_host;

#define PPU_BAR_WIDE 1u         /* a 64-bit BAR: takes the next index, too, whose size is 0 */
#define PPU_BAR_PREFETCHABLE 2u /* reads have no side effects, writes may be merged */
#define PPU_BAR_MAPPABLE 4u     /* ppu_device_bar_map gives all or part of it */

typedef struct ppu_device_bar {
    uint64_t size; /* bytes, a power of two, 16 or more; 0: there is none */
    uint32_t flags;
    uint32_t reserved;
} ppu_device_bar;

#define PPU_DEVICE_SIMULATED 1u /* no silicon is behind it */
#define PPU_DEVICE_STEPPED 2u   /* its time stands still but in ppu_device_advance, which it must have */

#define PPU_DEVICE_BARS 6
#define PPU_DEVICE_MOST_VECTORS 2048u

typedef struct ppu_device_info {
    uint32_t struct_size;
    uint32_t flags;

    /* One line for people, UTF-8; lives as long as the device. */
    const char *description;

    /* 256 or 4096. Its contents, with its capabilities, are what ppu_device_config_read says. */
    uint32_t config_bytes;

    /* MSI-X vectors, at most PPU_DEVICE_MOST_VECTORS; 0: none. */
    uint32_t vectors;

    /* Sizes at reset; a device with resizable BARs says here what it begins with. */
    ppu_device_bar bars[PPU_DEVICE_BARS];

    /* Kinds of reset that ppu_device_reset takes: bit n for kind n. */
    uint32_t resets;
    uint32_t reserved;
} ppu_device_info;

/* ---------------------------------------------------------------- life */

/* PPU_DEVICE_ABI of the library's header. Called before anything else; never fails. */
PPU_DEVICE_EXPORT uint32_t ppu_device_abi(void);

/*
 * Opens a function in the state after power-on. options is "" or "name=value&name=value", UTF-8, not percent-encoded any more; unknown ones are PPU_E_OPTION. host and what it points
 * to stay until ppu_device_close has returned. On failure *device is not written; ppu_device_error(NULL) says why.
 */
PPU_DEVICE_EXPORT int32_t ppu_device_open(const char *options, const ppu_host *host, ppu_device **device);

/* Ends it. When this returns no thread of the library's runs for the device, calls its host, writes to descriptors or mapped memory. Called once, and nothing else at the same time or later. */
PPU_DEVICE_EXPORT void ppu_device_close(ppu_device *device);

/* Fills info up to info->struct_size. What it says does not change. */
PPU_DEVICE_EXPORT int32_t ppu_device_get_info(ppu_device *device, ppu_device_info *info);

/*
 * The sentence for the last failure that the calling thread had with this library: UTF-8, without end of line, naming what failed; "" if there was none. Lives until the thread's next call
 * into the library. device may be NULL after a failed ppu_device_open.
 */
PPU_DEVICE_EXPORT const char *ppu_device_error(ppu_device *device);

/* ---------------------------------------------------------------- config space and BARs */

/* bytes is 1, 2 or 4; offset is a multiple of it, and inside. A function that is absent or not ready reads all ones and takes no writes. */
PPU_DEVICE_EXPORT int32_t ppu_device_config_read(ppu_device *device, uint32_t offset, uint32_t bytes, uint32_t *value);
PPU_DEVICE_EXPORT int32_t ppu_device_config_write(ppu_device *device, uint32_t offset, uint32_t bytes, uint32_t value);

/*
 * bytes is 1, 2, 4 or 8; offset is a multiple of it, and inside of the BAR's present size. value is zero-extended. While memory decoding is off in the command register, reads give all ones and
 * writes are lost. The MSI-X table and pending bits lie where the capability says.
 */
PPU_DEVICE_EXPORT int32_t ppu_device_bar_read(ppu_device *device, uint32_t bar, uint64_t offset, uint32_t bytes, uint64_t *value);
PPU_DEVICE_EXPORT int32_t ppu_device_bar_write(ppu_device *device, uint32_t bar, uint64_t offset, uint32_t bytes, uint64_t value);

/*
 * OPTIONAL (without it every access is a call). Memory that stands for part of a BAR: a load or a store there is an access of the device. bytes is a multiple of 4096, as offset is.
 * The mapping stays until ppu_device_close, whatever happens to the device: a lost or reset device leaves memory that reads anything and takes anything, never one that faults. PPU_E_UNSUPPORTED
 * where the part traps, or is not memory.
 */
PPU_DEVICE_EXPORT int32_t ppu_device_bar_map(ppu_device *device, uint32_t bar, uint64_t offset, uint64_t bytes, void **address);

/* ---------------------------------------------------------------- host memory */

#define PPU_DMA_READ 1u  /* the device may read */
#define PPU_DMA_WRITE 2u /* the device may write */

/*
 * OPTIONAL, both or neither (without them the device asks by dma_read and dma_write, as it does if it answers PPU_E_UNSUPPORTED to the first mapping). Host memory that the device
 * reaches by itself from now on: [iova, iova + bytes) is [address, address + bytes), both multiples of 4096. The device reaches mapped ranges with mapped rights and nothing else: what it must not, it treats as an unsupported request. Several ranges next to each
 * other are one to a transfer that runs across them.
 */
PPU_DEVICE_EXPORT int32_t ppu_device_dma_map(ppu_device *device, uint64_t iova, uint64_t bytes, void *address, uint32_t rights);

/* Takes a range back that was mapped as it is given here; PPU_E_INVALID if there is none. When it returns the device has stopped using it: address may be unmapped by the caller. */
PPU_DEVICE_EXPORT int32_t ppu_device_dma_unmap(ppu_device *device, uint64_t iova, uint64_t bytes);

/*
 * OPTIONAL. How often the device was refused host memory since it was opened, by either way, and where the last time: for tests that a device does stop. Either pointer may be NULL.
 */
PPU_DEVICE_EXPORT int32_t ppu_device_dma_refused(ppu_device *device, uint64_t *count, uint64_t *last_iova);

/* ---------------------------------------------------------------- interrupts */

/*
 * From now on each message of an MSI-X vector is a write of the 8-byte integer 1 to descriptor (an eventfd, or what behaves like one; the library neither closes nor duplicates it). -1 takes it away; so does
 * another descriptor. When this returns nothing is written to the former one any more. Masking, enabling and pending bits are the device's, in config space and the table; address and data of
 * the table's entries are whatever software wrote, the library does not look at them. A vector without a descriptor loses its messages.
 */
PPU_DEVICE_EXPORT int32_t ppu_device_set_interrupt(ppu_device *device, uint32_t vector, int32_t descriptor);

/* ---------------------------------------------------------------- reset */

#define PPU_RESET_FUNCTION_LEVEL 0u
#define PPU_RESET_SECONDARY_BUS 1u
#define PPU_RESET_COLD 2u

/*
 * Issues a reset and returns; the function may be absent for a while (all ones), as PCIe allows. Mapped host memory and descriptors stay, but nothing of before the reset uses them when it has returned.
 * (A function-level reset may also be asked for in config space; that is the same.) PPU_E_UNSUPPORTED for a kind that info does not name.
 */
PPU_DEVICE_EXPORT int32_t ppu_device_reset(ppu_device *device, uint32_t kind);

/* ---------------------------------------------------------------- time */

/* The device's time in nanoseconds from an origin of its own; never goes back but by a cold reset. */
PPU_DEVICE_EXPORT int32_t ppu_device_time(ppu_device *device, uint64_t *nanos);

/*
 * OPTIONAL (PPU_DEVICE_STEPPED devices must have it). Lets so much device time pass, working meanwhile, and returns: for models whose clock runs only when somebody turns it. Several
 * threads may call it; the library takes turns. Returns earlier, with *passed less than nanos, when an interrupt message was sent.
 */
PPU_DEVICE_EXPORT int32_t ppu_device_advance(ppu_device *device, uint64_t nanos, uint64_t *passed);

#ifdef __cplusplus
}
#endif

#endif
