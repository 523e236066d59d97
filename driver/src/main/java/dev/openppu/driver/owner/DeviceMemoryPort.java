package dev.openppu.driver.owner;

import dev.openppu.abi.reg.MemoryRegs;
import dev.openppu.driver.sync.LinkLock;
import dev.openppu.hal.LinkRuntime;
import dev.openppu.hal.mmio.Mmio;
import java.lang.foreign.MemorySegment;

/**
 * The host's way into device memory: BAR2, straight where it covers the whole memory, else through its window register. Writes are posted; {@link #flush} waits for
 * them. Thread-safe.
 */
public final class DeviceMemoryPort {
    private static final long WINDOW_ALIGNMENT = 1L << MemoryRegs.Window.PAGE_LSB;
    private static final long NOT_SET = -1;
    /** A window whose move was lost is moved again so often; the next access tries it anew. */
    private static final int MOVED_AGAIN = 2;

    private final Mmio bar;
    private final MemoryRegs registers;
    private final long memoryBytes;
    private final LinkLock lock;
    private long window = NOT_SET;
    /** Offset in the BAR of what was written last: good memory, for what is written whole is right again. */
    private long lastWritten;

    /**
     * @param bar BAR2
     * @param memoryBytes size of device memory
     */
    public DeviceMemoryPort(LinkRuntime runtime, Mmio bar, MemoryRegs registers, long memoryBytes) {
        this.bar = bar;
        this.registers = registers;
        this.memoryBytes = memoryBytes;
        this.lock = new LinkLock(runtime);
        if (bar.size() >= memoryBytes) {
            window = 0;
        }
    }

    public long memoryBytes() {
        return memoryBytes;
    }

    /** Writes bytes at a device memory address. */
    public void write(long address, MemorySegment source) {
        check(address, source.byteSize());
        lock.lock();
        try {
            for (long done = 0; done < source.byteSize();) {
                long offset = show(address + done);
                long bytes = Math.min(source.byteSize() - done, bar.size() - offset);
                bar.writeBytes(offset, source.asSlice(done, bytes));
                lastWritten = offset & -Long.BYTES;
                done += bytes;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Reads bytes at a device memory address. */
    public void read(long address, MemorySegment destination) {
        check(address, destination.byteSize());
        lock.lock();
        try {
            for (long done = 0; done < destination.byteSize();) {
                long offset = show(address + done);
                long bytes = Math.min(destination.byteSize() - done, bar.size() - offset);
                bar.readBytes(offset, destination.asSlice(done, bytes));
                done += bytes;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Writes 8 bytes in one store. */
    public void write64(long address, long value) {
        check(address, Long.BYTES);
        lock.lock();
        try {
            long offset = show(address);
            bar.write64(offset, value);
            lastWritten = offset;
        } finally {
            lock.unlock();
        }
    }

    /**
     * When it returns, everything written before has arrived: reads are not overtaken by the writes before them. It reads what was written last: any other word may have an error that ECC cannot correct, and
     * whoever works just then would be told of it.
     */
    public void flush() {
        lock.lock();
        try {
            bar.read32(lastWritten);
        } finally {
            lock.unlock();
        }
    }

    /** Offset in the BAR at which an address shows, after moving the window if needed. */
    private long show(long address) {
        if (bar.size() >= memoryBytes) {
            return address;
        }
        if (window == NOT_SET || address < window || address >= window + bar.size()) {
            long moved = address & -WINDOW_ALIGNMENT;
            window = NOT_SET; // nobody knows where it is if the link fails now
            boolean there = move(moved);
            for (int again = 0; !there && again < MOVED_AGAIN; again++) {
                there = move(moved);
            }
            window = there ? moved : NOT_SET;
            lastWritten = address - moved & -Long.BYTES; // or what is read now: where it was written before shows something else
            return address - moved;
        }
        return address - window;
    }

    /** Whether the window is there: a posted write may be lost, and whatever is written then until the window moves again, page tables among it, would go elsewhere. */
    private boolean move(long to) {
        registers.writeWindow(to);
        return registers.readWindow() == to;
    }

    private void check(long address, long bytes) {
        if (address < 0 || bytes < 0 || address > memoryBytes - bytes) {
            throw new IndexOutOfBoundsException(
                    "0x%x + 0x%x is outside the device's 0x%x bytes of memory".formatted(address, bytes, memoryBytes));
        }
    }
}
