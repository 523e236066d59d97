package dev.openppu.model.memory;

import dev.openppu.abi.reg.MmuAccess;
import dev.openppu.model.pcie.HostPort;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Copies from one virtual range of a context to another, ascending, straight from one memory to the other: bytes go through a buffer only on their way from host memory to host
 * memory. Pages that lie together are one request to the host, of a length that the port allows.
 *
 * <p>What lies before a fault has been copied, and nothing behind it. At a place where both sides fault, the source does.
 */
final class VirtualCopy {
    private static final long BUFFER_BYTES = 16 << 10;
    private static final long PAGE = SparseMemory.PAGE;

    private final VirtualPort port;
    private final SparseMemory memory;
    private final HostPort host;
    private final long longestRequest;
    private final MemorySegment buffer;
    private final MemorySegment zeros;
    private final Place from = new Place();
    private final Place to = new Place();
    private long copied;

    /** Where a run of pages lies that lie together. */
    static final class Place {
        private boolean system;
        private long address;

        void set(boolean inHost, long first) {
            system = inHost;
            address = first;
        }

        /** Whether so many bytes further on is this. */
        boolean goesOn(long bytes, boolean inHost, long there) {
            return system == inHost && address + bytes == there;
        }
    }

    /** @param longestRequest to the host, in bytes, a power of two; requests do not cross its multiples */
    VirtualCopy(VirtualPort port, SparseMemory memory, HostPort host, long longestRequest, Arena arena) {
        this.port = port;
        this.memory = memory;
        this.host = host;
        this.longestRequest = longestRequest;
        this.buffer = arena.allocate(BUFFER_BYTES, PAGE);
        this.zeros = arena.allocate(BUFFER_BYTES, PAGE);
    }

    /** Bytes that the last copy has copied. */
    long copied() {
        return copied;
    }

    /** Returns whether it succeeded; the port's fault says why not. */
    boolean copy(int context, long source, long destination, long length) {
        copied = 0;
        while (copied < length) {
            long run = port.locate(context, source + copied, length - copied, MmuAccess.READ, from);
            run = run == 0 ? 0 : port.locate(context, destination + copied, run, MmuAccess.WRITE, to);
            if (run == 0 || !copyRun(context, source + copied, destination + copied, run)) {
                return false;
            }
        }
        return true;
    }

    /** Copies at least the beginning of a run. */
    private boolean copyRun(int context, long source, long destination, long run) {
        long chunk = from.system && to.system ? Math.min(run, BUFFER_BYTES) : run;
        if (from.system) {
            chunk = granted(from.address, chunk, false);
            if (chunk == 0) {
                return refused(host.read(from.address, toPageEnd(buffer, from.address, run)).ok(), context, source, MmuAccess.READ);
            }
        }
        if (to.system) {
            chunk = granted(to.address, chunk, true);
            if (chunk == 0) {
                return refused(host.write(to.address, toPageEnd(zeros, to.address, run)).ok(), context, destination, MmuAccess.WRITE);
            }
        }
        long unreadable = from.system ? -1 : memory.correction().check(from.address, chunk);
        if (unreadable >= 0) {
            chunk = Math.max(0, unreadable - from.address);
        }
        if (!move(context, source, destination, chunk)) {
            return false;
        }
        copied += chunk;
        return unreadable < 0 || port.unreadable(context, source + chunk);
    }

    /** Of a run that begins at an IOVA: what one request may cover. */
    private long granted(long iova, long bytes, boolean write) {
        return host.granted(iova, Math.min(bytes, longestRequest - (iova & longestRequest - 1)), write);
    }

    private static MemorySegment toPageEnd(MemorySegment segment, long iova, long bytes) {
        return segment.asSlice(0, Math.min(bytes, PAGE - (iova & PAGE - 1)));
    }

    private boolean move(int context, long source, long destination, long bytes) {
        if (!from.system && !to.system) {
            memory.copy(from.address, to.address, bytes);
            return true;
        }
        if (!from.system) {
            return refused(send(bytes), context, destination, MmuAccess.WRITE);
        }
        if (!to.system) {
            return refused(host.fetch(from.address, memory.toFill(to.address, bytes)).ok(), context, source, MmuAccess.READ);
        }
        MemorySegment part = buffer.asSlice(0, bytes);
        return refused(host.fetch(from.address, part).ok(), context, source, MmuAccess.READ)
                && refused(host.write(to.address, part).ok(), context, destination, MmuAccess.WRITE);
    }

    /** Device memory to the host; pages that were never written are zeros, and stay untouched. */
    private boolean send(long bytes) {
        boolean ok = true;
        for (long done = 0; ok && done < bytes;) {
            MemorySegment part = memory.written(from.address + done, bytes - done);
            if (part.byteSize() == 0) {
                long hole = memory.nextWritten(from.address + done, from.address + bytes) - from.address - done;
                part = zeros.asSlice(0, Math.min(hole, BUFFER_BYTES));
            }
            ok = host.write(to.address + done, part).ok();
            done += part.byteSize();
        }
        return ok;
    }

    private boolean refused(boolean ok, int context, long address, MmuAccess access) {
        return ok || port.refused(context, address, access);
    }
}
