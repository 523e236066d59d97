package dev.openppu.model.pcie;

import dev.openppu.hal.dma.DistantMemory;
import dev.openppu.hal.dma.DmaAccess;
import dev.openppu.hal.dma.DmaObserver;
import dev.openppu.model.sim.BulkCopy;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.StampedLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The host's IOMMU for one function: which IOVAs the device may use, how, and what memory is behind them.
 *
 * <p>A request is granted or refused as a whole. Granted requests run under a shared lock that {@link #unmap} takes exclusively: when it returns no request uses the
 * range any more. Distant memory is asked without that lock, since its owner may take long. Thread-safe, unless it was told that only one thread runs.
 */
public final class Iommu {
    private static final int FAULTS_KEPT = 256;
    private static final ValueLayout.OfLong LITTLE_ENDIAN = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final StampedLock lock = new StampedLock();
    private final LongSupplier clock;
    private final boolean oneThread;
    private final BulkCopy copy;
    private final IovaMap map = new IovaMap();
    private final Deque<DmaFault> faults = new ArrayDeque<>();
    private long faultCount;
    private volatile @Nullable DmaObserver observer;

    /**
     * @param size bytes
     * @param memory must stay reachable as long as the mapping is there; {@link MemorySegment#NULL} if it is
     * @param distant which is asked for each access
     */
    public record Mapping(long iova, long size, MemorySegment memory, @Nullable AskedMemory distant, DmaAccess access) {
        /** Of memory in this process. */
        public Mapping(long iova, MemorySegment memory, DmaAccess access) {
            this(iova, memory.byteSize(), memory, null, access);
        }

        /** Of memory that cannot be mapped here. */
        public Mapping(long iova, long size, DistantMemory distant, DmaAccess access) {
            this(iova, size, MemorySegment.NULL, new AskedMemory(distant), access);
        }

        long end() {
            return iova + size;
        }

        /** All of [at, at + bytes) is inside; false if that cannot be told simply. */
        boolean holds(long at, long bytes) {
            return at >= iova && bytes >= 0 && bytes <= size && at - iova <= size - bytes;
        }

        /** Its memory is there still. */
        boolean alive() {
            return memory.scope().isAlive();
        }

        boolean allows(boolean write) {
            return write ? access.writable() : access.readable();
        }

        private void transfer(Kind kind, long offset, MemorySegment device, long at, long bytes, BulkCopy copy) {
            switch (kind) {
                case READ -> HostStores.read(memory, offset, device, at, bytes, copy);
                case READ_LINES -> HostStores.readLines(memory, offset, device, at, bytes);
                case WRITE -> HostStores.write(memory, offset, device, at, bytes, copy);
            }
        }
    }

    /** Of a request for many bytes. */
    private enum Kind {
        READ, READ_LINES, WRITE
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

    /** Has {@code told} of every request from now on. */
    public void observe(DmaObserver told) {
        observer = told;
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
            map.add(mapping);
        } finally {
            lock.unlockWrite(stamp);
        }
    }

    /** When it returns the device has stopped using the range. */
    public void unmap(Mapping mapping) {
        long stamp = lock.writeLock();
        try {
            map.remove(mapping);
        } finally {
            lock.unlockWrite(stamp);
        }
        AskedMemory distant = mapping.distant();
        if (distant != null) {
            distant.end();
        }
    }

    /** When it returns every request granted before has ended. */
    void drain() {
        long stamp = lock.writeLock();
        List<Mapping> present = map.all();
        lock.unlockWrite(stamp);
        for (Mapping mapping : present) {
            AskedMemory distant = mapping.distant();
            if (distant != null) {
                distant.drain();
            }
        }
    }

    /** Whether [iova, iova + bytes) overlaps a mapping. */
    public boolean overlaps(long iova, long bytes) {
        long stamp = begin();
        try {
            return map.overlaps(iova, bytes);
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
            return map.granted(iova, bytes, write);
        } finally {
            end(stamp);
        }
    }

    DmaResult read(long iova, MemorySegment destination) {
        return transfer(iova, destination, Kind.READ);
    }

    DmaResult readLines(long iova, MemorySegment destination) {
        return transfer(iova, destination, Kind.READ_LINES);
    }

    DmaResult write(long iova, MemorySegment source) {
        return transfer(iova, source, Kind.WRITE);
    }

    private DmaResult transfer(long iova, MemorySegment device, Kind kind) {
        long bytes = device.byteSize();
        long done = 0;
        while (true) {
            Mapping distant;
            long stamp = begin();
            try {
                DmaResult verdict = verdict(iova + done, bytes - done, kind == Kind.WRITE);
                if (!verdict.ok()) {
                    return verdict;
                }
                done = transferHere(iova, device, done, kind);
                if (done == bytes) {
                    return DmaResult.OK;
                }
                distant = map.at(iova + done);
            } finally {
                end(stamp);
            }
            long part = Math.min(bytes - done, distant.end() - (iova + done));
            if (!ask(distant, iova + done, device.asSlice(done, part), kind == Kind.WRITE)) {
                return lost(iova + done, part, kind == Kind.WRITE);
            }
            done += part;
        }
    }

    /** From {@code done} on, as far as memory is in this process. */
    private long transferHere(long iova, MemorySegment device, long begin, Kind kind) {
        long done = begin;
        while (done < device.byteSize()) {
            Mapping mapping = map.at(iova + done);
            if (mapping.distant() != null) {
                break;
            }
            long offset = iova + done - mapping.iova();
            long part = Math.min(device.byteSize() - done, mapping.size() - offset);
            DmaObserver told = observer;
            if (told != null && kind == Kind.WRITE) {
                told.writing(iova + done, device.asSlice(done, part));
            }
            mapping.transfer(kind, offset, device, done, part, copy);
            if (told != null && kind != Kind.WRITE) {
                told.hasRead(iova + done, device.asSlice(done, part));
            }
            done += part;
        }
        return done;
    }

    private static boolean ask(Mapping mapping, long iova, MemorySegment device, boolean write) {
        AskedMemory distant = Objects.requireNonNull(mapping.distant());
        long offset = iova - mapping.iova();
        return write ? distant.write(offset, device) : distant.read(offset, device);
    }

    /** One load of 1, 2, 4 or 8 bytes, aligned. */
    DmaResult load(long iova, int bytes, Completion completion) {
        Mapping distant = loadHere(iova, bytes, completion);
        if (distant != null) {
            MemorySegment whole = MemorySegment.ofArray(new byte[Long.BYTES]);
            completion.result = ask(distant, iova, whole.asSlice(0, bytes), false) ? DmaResult.OK : lost(iova, bytes, false);
            completion.value = whole.get(LITTLE_ENDIAN, 0);
        }
        if (!completion.result.ok()) {
            completion.value = -1L >>> 64 - 8 * bytes;
        }
        return completion.result;
    }

    /** @return what has to be asked instead, if it is distant */
    private @Nullable Mapping loadHere(long iova, int bytes, Completion completion) {
        long stamp = begin();
        try {
            Mapping usual = map.usual(iova, bytes, false);
            completion.result = usual != null ? DmaResult.OK : verdict(iova, bytes, false);
            if (!completion.result.ok()) {
                return null;
            }
            Mapping mapping = usual != null ? usual : map.at(iova);
            if (mapping.distant() != null) {
                return mapping;
            }
            completion.value = HostStores.load(mapping.memory(), iova - mapping.iova(), bytes);
            DmaObserver told = observer;
            if (told != null) {
                told.hasRead(iova, segment(completion.value).asSlice(0, bytes));
            }
            return null;
        } finally {
            end(stamp);
        }
    }

    /** One store of 1, 2, 4 or 8 bytes, aligned. */
    DmaResult store(long iova, int bytes, long value) {
        Mapping mapping;
        long stamp = begin();
        try {
            Mapping usual = map.usual(iova, bytes, true);
            DmaResult verdict = usual != null ? DmaResult.OK : verdict(iova, bytes, true);
            if (!verdict.ok()) {
                return verdict;
            }
            mapping = usual != null ? usual : map.at(iova);
            if (mapping.distant() == null) {
                DmaObserver told = observer;
                if (told != null) {
                    told.writing(iova, segment(value).asSlice(0, bytes));
                }
                HostStores.store(mapping.memory(), iova - mapping.iova(), bytes, value);
                return DmaResult.OK;
            }
        } finally {
            end(stamp);
        }
        return ask(mapping, iova, segment(value).asSlice(0, bytes), true) ? DmaResult.OK : lost(iova, bytes, true);
    }

    private static MemorySegment segment(long value) {
        MemorySegment whole = MemorySegment.ofArray(new byte[Long.BYTES]);
        whole.set(LITTLE_ENDIAN, 0, value);
        return whole;
    }

    /** Who holds the memory did not answer, or said no. */
    private DmaResult lost(long iova, long bytes, boolean write) {
        record(new DmaFault(clock.getAsLong(), iova, bytes, write, DmaResult.NOT_MAPPED));
        return DmaResult.NOT_MAPPED;
    }

    private DmaResult verdict(long iova, long bytes, boolean write) {
        if (map.usual(iova, bytes, write) != null) {
            return DmaResult.OK;
        }
        DmaResult verdict = map.judge(iova, bytes, write);
        if (!verdict.ok()) {
            record(new DmaFault(clock.getAsLong(), iova, bytes, write, verdict));
        }
        return verdict;
    }

    private void record(DmaFault fault) {
        DmaObserver told = observer;
        if (told != null) {
            told.refused(fault.iova(), fault.bytes(), fault.write());
        }
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
