package dev.openppu.model.pcie;

import dev.openppu.hal.dma.DistantMemory;
import dev.openppu.hal.dma.DmaAccess;
import dev.openppu.model.sim.BulkCopy;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.StampedLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The host's IOMMU for one function: which IOVAs the device may use, how, and what memory is behind them.
 *
 * <p>A request is granted or refused as a whole. Granted requests run under a shared lock that {@link #unmap} takes exclusively: when it returns no request uses the
 * range any more. Thread-safe, unless it was told that only one thread runs.
 */
public final class Iommu {
    private static final int FAULTS_KEPT = 256;
    private static final int GUESSES = 4;
    private static final ValueLayout.OfLong LITTLE_ENDIAN = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final StampedLock lock = new StampedLock();
    private final LongSupplier clock;
    private final boolean oneThread;
    private final BulkCopy copy;
    // where the last requests were: guesses, checked before they are used, so that a race costs a search and no more
    private final int[] guesses = new int[GUESSES];
    private int nextGuess;
    private Mapping[] mappings = new Mapping[0];
    private final Deque<DmaFault> faults = new ArrayDeque<>();
    private long faultCount;

    /**
     * @param size bytes
     * @param memory must stay reachable as long as the mapping is there; {@link MemorySegment#NULL} if it is
     * @param distant which is asked for each access
     */
    public record Mapping(long iova, long size, MemorySegment memory, @Nullable DistantMemory distant, DmaAccess access) {
        /** Of memory in this process. */
        public Mapping(long iova, MemorySegment memory, DmaAccess access) {
            this(iova, memory.byteSize(), memory, null, access);
        }

        /** Of memory that cannot be mapped here. */
        public Mapping(long iova, long size, DistantMemory distant, DmaAccess access) {
            this(iova, size, MemorySegment.NULL, distant, access);
        }

        long end() {
            return iova + size;
        }

        /** All of [at, at + bytes) is inside; false if that cannot be told simply. */
        private boolean holds(long at, long bytes) {
            return at >= iova && bytes >= 0 && bytes <= size && at - iova <= size - bytes;
        }

        private boolean allows(boolean write) {
            return write ? access.writable() : access.readable();
        }

        private boolean readLines(long offset, MemorySegment device, long at, long bytes) {
            if (distant != null) {
                return distant.read(offset, device.asSlice(at, bytes));
            }
            HostStores.readLines(memory, offset, device, at, bytes);
            return true;
        }

        private boolean transfer(long offset, MemorySegment device, long at, long bytes, boolean write, BulkCopy copy) {
            if (distant != null) {
                MemorySegment part = device.asSlice(at, bytes);
                return write ? distant.write(offset, part) : distant.read(offset, part);
            }
            if (write) {
                HostStores.write(memory, offset, device, at, bytes, copy);
            } else {
                HostStores.read(memory, offset, device, at, bytes, copy);
            }
            return true;
        }
    }

    /**
     * @param oneThread only one thread runs at a time, so that no lock is needed
     * @param copy for what is long
     */
    public Iommu(LongSupplier clock, boolean oneThread, BulkCopy copy) {
        this.clock = clock;
        this.oneThread = oneThread;
        this.copy = copy;
    }

    private long begin() {
        return oneThread ? 0 : lock.readLock();
    }

    private void end(long stamp) {
        if (!oneThread) {
            lock.unlockRead(stamp);
        }
    }

    /** @throws IllegalArgumentException if it overlaps another mapping */
    public void map(Mapping mapping) {
        long stamp = lock.writeLock();
        try {
            int at = indexAtOrAfter(mapping.iova());
            if (at < mappings.length && mappings[at].iova() < mapping.end() || at > 0 && mappings[at - 1].end() > mapping.iova()) {
                throw new IllegalArgumentException(
                        "IOVA range 0x%x, %d bytes, overlaps a mapping".formatted(mapping.iova(), mapping.size()));
            }
            Mapping[] next = Arrays.copyOf(mappings, mappings.length + 1);
            System.arraycopy(mappings, at, next, at + 1, mappings.length - at);
            next[at] = mapping;
            mappings = next;
        } finally {
            lock.unlockWrite(stamp);
        }
    }

    /** When it returns the device has stopped using the range. */
    public void unmap(Mapping mapping) {
        long stamp = lock.writeLock();
        try {
            mappings = Arrays.stream(mappings).filter(m -> m != mapping).toArray(Mapping[]::new);
        } finally {
            lock.unlockWrite(stamp);
        }
    }

    /** When it returns every request granted before has ended. */
    void drain() {
        lock.unlockWrite(lock.writeLock());
    }

    /** Whether [iova, iova + bytes) overlaps a mapping. */
    public boolean overlaps(long iova, long bytes) {
        long stamp = begin();
        try {
            int at = indexAtOrAfter(iova);
            return at < mappings.length && mappings[at].iova() < iova + bytes || at > 0 && mappings[at - 1].end() > iova;
        } finally {
            end(stamp);
        }
    }

    /** Whether a request would be granted; records it if not. */
    DmaResult check(long iova, long bytes, boolean write) {
        long stamp = begin();
        try {
            return verdict(iova, bytes, write);
        } finally {
            end(stamp);
        }
    }

    /** How many bytes from {@code iova} on, at most {@code bytes}, a request would be granted; records nothing. */
    long granted(long iova, long bytes, boolean write) {
        long stamp = begin();
        try {
            long end = iova;
            while (end < iova + bytes) {
                int index = indexCovering(end);
                if (index < 0 || !mappings[index].allows(write) || !mappings[index].memory().scope().isAlive()) {
                    break;
                }
                end = mappings[index].end();
            }
            return Math.min(bytes, end - iova);
        } finally {
            end(stamp);
        }
    }

    DmaResult read(long iova, MemorySegment destination) {
        return transfer(iova, destination, false);
    }

    DmaResult readLines(long iova, MemorySegment destination) {
        long stamp = begin();
        try {
            DmaResult verdict = verdict(iova, destination.byteSize(), false);
            for (long done = 0; verdict.ok() && done < destination.byteSize();) {
                Mapping mapping = mappings[indexCovering(iova + done)];
                long offset = iova + done - mapping.iova();
                long part = Math.min(destination.byteSize() - done, mapping.size() - offset);
                verdict = mapping.readLines(offset, destination, done, part) ? verdict : lost(iova + done, part, false);
                done += part;
            }
            return verdict;
        } finally {
            end(stamp);
        }
    }

    DmaResult write(long iova, MemorySegment source) {
        return transfer(iova, source, true);
    }

    private DmaResult transfer(long iova, MemorySegment device, boolean write) {
        long stamp = begin();
        try {
            DmaResult verdict = verdict(iova, device.byteSize(), write);
            if (!verdict.ok()) {
                return verdict;
            }
            long done = 0;
            while (done < device.byteSize()) {
                Mapping mapping = mappings[indexCovering(iova + done)];
                long offset = iova + done - mapping.iova();
                long part = Math.min(device.byteSize() - done, mapping.size() - offset);
                if (!mapping.transfer(offset, device, done, part, write, copy)) {
                    return lost(iova + done, part, write);
                }
                done += part;
            }
            return DmaResult.OK;
        } finally {
            end(stamp);
        }
    }

    /** One load of 1, 2, 4 or 8 bytes, aligned. */
    DmaResult load(long iova, int bytes, Completion completion) {
        long stamp = begin();
        try {
            Mapping usual = usual(iova, bytes, false);
            completion.result = usual != null ? DmaResult.OK : verdict(iova, bytes, false);
            if (completion.result.ok()) {
                Mapping mapping = usual != null ? usual : mappings[indexCovering(iova)];
                load(mapping, iova, bytes, completion);
            }
            if (!completion.result.ok()) {
                completion.value = -1L >>> 64 - 8 * bytes;
            }
            return completion.result;
        } finally {
            end(stamp);
        }
    }

    /** One store of 1, 2, 4 or 8 bytes, aligned. */
    DmaResult store(long iova, int bytes, long value) {
        long stamp = begin();
        try {
            Mapping usual = usual(iova, bytes, true);
            DmaResult verdict = usual != null ? DmaResult.OK : verdict(iova, bytes, true);
            if (verdict.ok()) {
                Mapping mapping = usual != null ? usual : mappings[indexCovering(iova)];
                return store(mapping, iova, bytes, value);
            }
            return verdict;
        } finally {
            end(stamp);
        }
    }

    private void load(Mapping mapping, long iova, int bytes, Completion completion) {
        DistantMemory distant = mapping.distant();
        if (distant == null) {
            completion.value = HostStores.load(mapping.memory(), iova - mapping.iova(), bytes);
            return;
        }
        MemorySegment whole = MemorySegment.ofArray(new byte[Long.BYTES]);
        completion.result = distant.read(iova - mapping.iova(), whole.asSlice(0, bytes)) ? DmaResult.OK : lost(iova, bytes, false);
        completion.value = whole.get(LITTLE_ENDIAN, 0);
    }

    private DmaResult store(Mapping mapping, long iova, int bytes, long value) {
        DistantMemory distant = mapping.distant();
        if (distant == null) {
            HostStores.store(mapping.memory(), iova - mapping.iova(), bytes, value);
            return DmaResult.OK;
        }
        MemorySegment whole = MemorySegment.ofArray(new byte[Long.BYTES]);
        whole.set(LITTLE_ENDIAN, 0, value);
        return distant.write(iova - mapping.iova(), whole.asSlice(0, bytes)) ? DmaResult.OK : lost(iova, bytes, true);
    }

    /** Who holds the memory did not answer, or said no. */
    private DmaResult lost(long iova, long bytes, boolean write) {
        record(new DmaFault(clock.getAsLong(), iova, bytes, write, DmaResult.NOT_MAPPED));
        return DmaResult.NOT_MAPPED;
    }

    /** The mapping of a request that needs no judging: one mapping that was used last holds all of it and grants it. */
    private @Nullable Mapping usual(long iova, long bytes, boolean write) {
        int index = guess(iova, bytes);
        Mapping mapping = index < 0 ? null : mappings[index];
        return mapping != null && mapping.allows(write) && mapping.memory().scope().isAlive() ? mapping : null;
    }

    private DmaResult verdict(long iova, long bytes, boolean write) {
        if (usual(iova, bytes, write) != null) {
            return DmaResult.OK;
        }
        DmaResult verdict = judge(iova, bytes, write);
        if (!verdict.ok()) {
            record(new DmaFault(clock.getAsLong(), iova, bytes, write, verdict));
        }
        return verdict;
    }

    private DmaResult judge(long iova, long bytes, boolean write) {
        if (bytes < 0 || iova < 0 || iova + bytes < 0) {
            return DmaResult.NOT_MAPPED;
        }
        long at = iova;
        do {
            int index = indexCovering(at);
            if (index < 0 || !mappings[index].memory().scope().isAlive()) {
                return DmaResult.NOT_MAPPED;
            }
            if (!mappings[index].allows(write)) {
                return DmaResult.NO_RIGHT;
            }
            at = mappings[index].end();
        } while (at < iova + bytes);
        return DmaResult.OK;
    }

    private int indexCovering(long iova) {
        int index = guess(iova, 1);
        if (index >= 0) {
            return index;
        }
        int after = indexAtOrAfter(iova + 1);
        if (after > 0 && mappings[after - 1].end() > iova) {
            guesses[nextGuess] = after - 1;
            nextGuess = nextGuess + 1 & GUESSES - 1;
            return after - 1;
        }
        return -1;
    }

    /** The mapping that holds all of a range, if it is one of those that were used last; -1 if not. */
    private int guess(long iova, long bytes) {
        Mapping[] all = mappings;
        for (int index : guesses) {
            if (index < all.length && all[index].holds(iova, bytes)) {
                return index;
            }
        }
        return -1;
    }

    /** The first mapping that begins at {@code iova} or later. */
    private int indexAtOrAfter(long iova) {
        int low = 0;
        int high = mappings.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (mappings[middle].iova() < iova) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private void record(DmaFault fault) {
        synchronized (faults) {
            faultCount++;
            if (faults.size() == FAULTS_KEPT) {
                faults.removeFirst();
            }
            faults.addLast(fault);
        }
    }

    /** Requests refused since the link was opened. */
    public long faultCount() {
        synchronized (faults) {
            return faultCount;
        }
    }

    /** The last refused requests, oldest first. */
    public List<DmaFault> faults() {
        synchronized (faults) {
            return List.copyOf(faults);
        }
    }
}
