package dev.openppu.hal.library;

import dev.openppu.hal.mmio.MmioTrap;

/** A BAR by calls. */
record LibraryBar(LibraryDevice device, int bar) implements MmioTrap {
    @Override
    public long read(long offset, int bytes) {
        return device.barRead(bar, offset, bytes);
    }

    @Override
    public void write(long offset, int bytes, long value) {
        device.barWrite(bar, offset, bytes, value);
    }
}
