package dev.openppu.model.device;

import dev.openppu.model.pcie.Completion;
import dev.openppu.model.pcie.DmaResult;
import dev.openppu.model.pcie.HostPort;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.LongAdder;

/** Counts the bytes that go to and from host memory, for the performance counters; refused requests do not count. */
final class CountingHostPort implements HostPort {
    private final HostPort host;
    private final boolean oneThread;
    private final Counter read = new Counter();
    private final Counter written = new Counter();

    /** Bytes of one direction: plain where one thread runs at a time, because adding across threads costs more than the request. */
    private final class Counter {
        private final LongAdder shared = new LongAdder();
        private long own;

        void add(long bytes) {
            if (oneThread) {
                own += bytes;
            } else {
                shared.add(bytes);
            }
        }

        long sum() {
            return oneThread ? own : shared.sum();
        }

        void reset() {
            own = 0;
            shared.reset();
        }
    }

    /** @param oneThread only one thread runs at a time */
    CountingHostPort(HostPort host, boolean oneThread) {
        this.host = host;
        this.oneThread = oneThread;
    }

    /** Bytes read from host memory since {@link #reset}. */
    long bytesRead() {
        return read.sum();
    }

    /** Bytes written to host memory since {@link #reset}. */
    long bytesWritten() {
        return written.sum();
    }

    void reset() {
        read.reset();
        written.reset();
    }

    @Override
    public DmaResult read(long iova, MemorySegment destination) {
        return count(read, destination.byteSize(), host.read(iova, destination));
    }

    @Override
    public DmaResult fetch(long iova, MemorySegment destination) {
        return count(read, destination.byteSize(), host.fetch(iova, destination));
    }

    @Override
    public long granted(long iova, long bytes, boolean write) {
        return host.granted(iova, bytes, write);
    }

    @Override
    public DmaResult write(long iova, MemorySegment source) {
        return count(written, source.byteSize(), host.write(iova, source));
    }

    @Override
    public DmaResult readLines(long iova, MemorySegment destination) {
        return count(read, destination.byteSize(), host.readLines(iova, destination));
    }

    @Override
    public DmaResult write16(long iova, int value) {
        return count(written, Short.BYTES, host.write16(iova, value));
    }

    @Override
    public DmaResult write32(long iova, int value) {
        return count(written, Integer.BYTES, host.write32(iova, value));
    }

    @Override
    public DmaResult write64(long iova, long value) {
        return count(written, Long.BYTES, host.write64(iova, value));
    }

    @Override
    public DmaResult read32(long iova, Completion completion) {
        return count(read, Integer.BYTES, host.read32(iova, completion));
    }

    @Override
    public DmaResult read64(long iova, Completion completion) {
        return count(read, Long.BYTES, host.read64(iova, completion));
    }

    @Override
    public void interrupt(int vector) {
        host.interrupt(vector);
    }

    @Override
    public void turnedOff() {
        host.turnedOff();
    }

    @Override
    public void vectorChanged(int vector) {
        host.vectorChanged(vector);
    }

    private static DmaResult count(Counter counter, long bytes, DmaResult result) {
        if (result.ok()) {
            counter.add(bytes);
        }
        return result;
    }
}
