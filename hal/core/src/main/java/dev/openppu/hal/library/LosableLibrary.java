package dev.openppu.hal.library;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.OptionalLong;

/** A library's device that may go: of one that is gone everything reads as all ones and writes go nowhere, as of one that was pulled out; what else is asked of it fails. */
record LosableLibrary(LibraryDevice device, LibraryLoss loss) implements LibraryDevice {
    private static final int ALL_ONES = -1;

    private interface Call<T> {
        T perform();
    }

    private interface Act {
        void perform();
    }

    private <T> T ask(Call<T> call) {
        try {
            return call.perform();
        } catch (LibraryException e) {
            loss.means(e);
            throw e;
        }
    }

    private void act(Act act) {
        ask(() -> {
            act.perform();
            return true;
        });
    }

    private void write(Act write) {
        try {
            write.perform();
        } catch (LibraryException e) {
            if (!loss.means(e)) {
                throw e;
            }
        }
    }

    @Override
    public LibraryInfo info() {
        return device.info();
    }

    @Override
    public int configRead(int offset, int bytes) {
        try {
            return device.configRead(offset, bytes);
        } catch (LibraryException e) {
            if (!loss.means(e)) {
                throw e;
            }
            return ALL_ONES >>> Integer.SIZE - bytes * Byte.SIZE;
        }
    }

    @Override
    public void configWrite(int offset, int bytes, int value) {
        write(() -> device.configWrite(offset, bytes, value));
    }

    @Override
    public long barRead(int bar, long offset, int bytes) {
        try {
            return device.barRead(bar, offset, bytes);
        } catch (LibraryException e) {
            if (!loss.means(e)) {
                throw e;
            }
            return (long) ALL_ONES >>> Long.SIZE - bytes * Byte.SIZE;
        }
    }

    @Override
    public void barWrite(int bar, long offset, int bytes, long value) {
        write(() -> device.barWrite(bar, offset, bytes, value));
    }

    @Override
    public Optional<MemorySegment> mapBar(int bar, long offset, long bytes) {
        return ask(() -> device.mapBar(bar, offset, bytes));
    }

    @Override
    public boolean dmaMap(long iova, MemorySegment memory, boolean reads, boolean writes) {
        return ask(() -> device.dmaMap(iova, memory, reads, writes));
    }

    /** A device that is gone uses nothing any more. */
    @Override
    public void dmaUnmap(long iova, long bytes) {
        write(() -> device.dmaUnmap(iova, bytes));
    }

    @Override
    public OptionalLong dmaRefused() {
        return ask(device::dmaRefused);
    }

    @Override
    public void setInterrupt(int vector, int descriptor) {
        act(() -> device.setInterrupt(vector, descriptor));
    }

    @Override
    public void reset(int kind) {
        act(() -> device.reset(kind));
    }

    @Override
    public long time() {
        return ask(device::time);
    }

    @Override
    public long advance(long nanos) {
        return ask(() -> device.advance(nanos));
    }

    @Override
    public void close() {
        device.close();
    }
}
