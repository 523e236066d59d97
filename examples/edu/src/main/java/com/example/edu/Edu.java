package com.example.edu;

import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.irq.Interrupts;
import dev.openppu.hal.mmio.Mmio;
import dev.openppu.hal.pci.ConfigSpace;
import dev.openppu.hal.pci.PciRegister.Command;
import dev.openppu.hal.pci.PciRegister.Header;

/**
 * QEMU's educational device (docs/specs/edu.rst of QEMU): it inverts numbers, computes factorials, and copies between host memory and 4 KiB of its own, all of which it reports by one
 * interrupt.
 */
final class Edu {
    /** Bytes of its own memory. */
    static final int BUFFER_BYTES = 4096;
    /** The largest I/O virtual address that it can put on the bus. */
    static final long LAST_IOVA = 0x0FFF_FFFF;

    private static final int VENDOR_AND_DEVICE = 0x11E8_1234;
    private static final int ID = 0x00;
    private static final int LIVENESS = 0x04;
    private static final int FACTORIAL = 0x08;
    private static final int STATUS = 0x20;
    private static final int INTERRUPT_STATUS = 0x24;
    private static final int INTERRUPT_ACKNOWLEDGE = 0x64;
    private static final int DMA_SOURCE = 0x80;
    private static final int DMA_DESTINATION = 0x88;
    private static final int DMA_COUNT = 0x90;
    private static final int DMA_COMMAND = 0x98;
    private static final long BUFFER = 0x4_0000;

    private static final int INTERRUPT_WHEN_COMPUTED = 1 << 7;
    private static final int START = 1;
    private static final int TO_HOST = 1 << 1;
    private static final int INTERRUPT_WHEN_COPIED = 1 << 2;
    private static final long PATIENCE_NANOS = 10_000_000_000L;

    private final DeviceLink link;
    private final Interrupts interrupts;
    private final Mmio registers;

    /** Wakes the device: its memory is decoded, it may send interrupts and reach host memory. */
    Edu(DeviceLink link) {
        this.link = link;
        ConfigSpace config = link.config();
        if (config.read32(Header.VENDOR_ID) != VENDOR_AND_DEVICE) {
            throw new IllegalStateException("%s is %08x, not an edu".formatted(link.identity().address(), config.read32(Header.VENDOR_ID)));
        }
        config.write16(Header.COMMAND, config.read16(Header.COMMAND) | Command.MEMORY_SPACE_ENABLE | Command.BUS_MASTER_ENABLE);
        registers = link.bar(0);
        interrupts = link.interrupts();
        interrupts.enable(1);
    }

    /** Major and minor version in the upper half, 0xed in the lower. */
    int identification() {
        return registers.read32(ID);
    }

    /** What the device makes of a number that is written: its complement. */
    int invert(int value) {
        registers.write32(LIVENESS, value);
        return registers.read32(LIVENESS);
    }

    /** n!, modulo 2^32. */
    int factorial(int n) {
        awaitInterrupt("the factorial", () -> {
            registers.write32(STATUS, INTERRUPT_WHEN_COMPUTED);
            registers.write32(FACTORIAL, n);
        });
        return registers.read32(FACTORIAL);
    }

    /** Copies from host memory into the device's. */
    void fetch(long iova, int bytes) {
        copy(iova, BUFFER, bytes, 0);
    }

    /** Copies from the device's memory into host memory. */
    void store(long iova, int bytes) {
        copy(BUFFER, iova, bytes, TO_HOST);
    }

    private void copy(long source, long destination, int bytes, int direction) {
        awaitInterrupt("the copy", () -> {
            registers.write64(DMA_SOURCE, source);
            registers.write64(DMA_DESTINATION, destination);
            registers.write64(DMA_COUNT, bytes);
            registers.write64(DMA_COMMAND, START | direction | INTERRUPT_WHEN_COPIED);
        });
    }

    /** Counts before it starts anything, so that no interrupt is missed; the link does the waiting. */
    private void awaitInterrupt(String what, Runnable start) {
        long before = interrupts.delivered(0);
        start.run();
        if (!link.runtime().await(() -> interrupts.delivered(0) != before, link.runtime().deadline(PATIENCE_NANOS))) {
            throw new IllegalStateException("no interrupt after %d s for %s".formatted(PATIENCE_NANOS / 1_000_000_000, what));
        }
        registers.write32(INTERRUPT_ACKNOWLEDGE, registers.read32(INTERRUPT_STATUS));
    }
}
