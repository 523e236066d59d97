package dev.openppu.hal.record;

import dev.openppu.hal.mmio.MmioTrap;
import dev.openppu.hal.pci.ConfigSpace;

/** Config space of which every access is recorded. */
final class RecordingConfigRegion implements MmioTrap {
    private final Recorder recorder;
    private final AccessOrder order;
    private final ConfigSpace device;

    RecordingConfigRegion(Recorder recorder, AccessOrder order, ConfigSpace device) {
        this.recorder = recorder;
        this.order = order;
        this.device = device;
    }

    @Override
    public long read(long offset, int bytes) {
        return order.get(() -> recordedRead(offset, bytes));
    }

    private long recordedRead(long offset, int bytes) {
        recorder.look();
        try {
            long value = load((int) offset, bytes);
            recorder.call(Kind.CONFIG_READ, 0, offset, bytes, value);
            return value;
        } catch (RuntimeException e) {
            recorder.failed(Kind.CONFIG_READ, e);
            throw e;
        }
    }

    private long load(int offset, int bytes) {
        return switch (bytes) {
            case Byte.BYTES -> device.read8(offset);
            case Short.BYTES -> device.read16(offset);
            default -> Integer.toUnsignedLong(device.read32(offset));
        };
    }

    @Override
    public void write(long offset, int bytes, long value) {
        order.run(() -> recordedWrite(offset, bytes, value));
    }

    private void recordedWrite(long offset, int bytes, long value) {
        recorder.look();
        try {
            store((int) offset, bytes, (int) value);
            recorder.call(Kind.CONFIG_WRITE, 0, offset, bytes, value);
        } catch (RuntimeException e) {
            recorder.failed(Kind.CONFIG_WRITE, e);
            throw e;
        }
    }

    private void store(int offset, int bytes, int value) {
        switch (bytes) {
            case Byte.BYTES -> device.write8(offset, value);
            case Short.BYTES -> device.write16(offset, value);
            default -> device.write32(offset, value);
        }
    }
}
