package dev.openppu.hal.record;

import dev.openppu.hal.mmio.Mmio;
import dev.openppu.hal.mmio.MmioTrap;
import dev.openppu.hal.mmio.SizedAccess;
import java.lang.foreign.MemorySegment;

/** A BAR of which every access is recorded, mapped or not. */
final class RecordingTrap implements MmioTrap {
    private final Recorder recorder;
    private final AccessOrder order;
    private final int bar;
    private final Mmio device;

    RecordingTrap(Recorder recorder, AccessOrder order, int bar, Mmio device) {
        this.recorder = recorder;
        this.order = order;
        this.bar = bar;
        this.device = device;
    }

    @Override
    public long read(long offset, int bytes) {
        return order.get(() -> load(offset, bytes));
    }

    private long load(long offset, int bytes) {
        recorder.look();
        try {
            long value = SizedAccess.read(device, offset, bytes);
            recorder.call(Kind.READ, bar, offset, bytes, value);
            return value;
        } catch (RuntimeException e) {
            recorder.failed(Kind.READ, e);
            throw e;
        }
    }

    @Override
    public void write(long offset, int bytes, long value) {
        order.run(() -> store(offset, bytes, value));
    }

    private void store(long offset, int bytes, long value) {
        recorder.publish();
        if (order.causesFirst()) {
            recorder.call(Kind.WRITE, bar, offset, bytes, value);
            SizedAccess.write(device, offset, bytes, value);
            return;
        }
        try {
            SizedAccess.write(device, offset, bytes, value);
            recorder.call(Kind.WRITE, bar, offset, bytes, value);
        } catch (RuntimeException e) {
            recorder.failed(Kind.WRITE, e);
            throw e;
        }
    }

    @Override
    public void readBytes(long offset, MemorySegment destination) {
        order.run(() -> loadBytes(offset, destination));
    }

    private void loadBytes(long offset, MemorySegment destination) {
        recorder.look();
        try {
            device.readBytes(offset, destination);
            recorder.bulk(Kind.READ_BYTES, bar, offset, destination);
        } catch (RuntimeException e) {
            recorder.failed(Kind.READ_BYTES, e);
            throw e;
        }
    }

    @Override
    public void writeBytes(long offset, MemorySegment source) {
        order.run(() -> storeBytes(offset, source));
    }

    private void storeBytes(long offset, MemorySegment source) {
        recorder.look();
        try {
            device.writeBytes(offset, source);
            recorder.bulk(Kind.WRITE_BYTES, bar, offset, source);
        } catch (RuntimeException e) {
            recorder.failed(Kind.WRITE_BYTES, e);
            throw e;
        }
    }
}
