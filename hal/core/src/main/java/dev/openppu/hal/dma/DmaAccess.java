package dev.openppu.hal.dma;

/** What the device may do with mapped host memory. */
public enum DmaAccess {
    DEVICE_READS, DEVICE_WRITES, BOTH;

    public boolean readable() {
        return this != DEVICE_WRITES;
    }

    public boolean writable() {
        return this != DEVICE_READS;
    }
}
