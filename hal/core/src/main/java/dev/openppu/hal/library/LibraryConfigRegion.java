package dev.openppu.hal.library;

import dev.openppu.hal.mmio.MmioTrap;

/** Config space by calls. */
record LibraryConfigRegion(LibraryDevice device) implements MmioTrap {
    @Override
    public long read(long offset, int bytes) {
        return Integer.toUnsignedLong(device.configRead((int) offset, bytes));
    }

    @Override
    public void write(long offset, int bytes, long value) {
        device.configWrite((int) offset, bytes, (int) value);
    }
}
