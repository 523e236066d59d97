package dev.openppu.model.pcie;

import dev.openppu.hal.dma.DistantMemory;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.StampedLock;

/** Distant memory, and who is asking it just now: that takes as long as its owner likes, so nobody else's requests or mappings should have to wait for it. Thread-safe. */
final class AskedMemory implements DistantMemory {
    private final DistantMemory memory;
    private final StampedLock asking = new StampedLock();
    private boolean ended;

    AskedMemory(DistantMemory memory) {
        this.memory = memory;
    }

    @Override
    public boolean read(long offset, MemorySegment destination) {
        long stamp = asking.readLock();
        try {
            return !ended && memory.read(offset, destination);
        } finally {
            asking.unlockRead(stamp);
        }
    }

    @Override
    public boolean write(long offset, MemorySegment source) {
        long stamp = asking.readLock();
        try {
            return !ended && memory.write(offset, source);
        } finally {
            asking.unlockRead(stamp);
        }
    }

    /** When it returns every question asked before has ended. */
    void drain() {
        asking.unlockWrite(asking.writeLock());
    }

    /** The same, and no other will be asked. */
    void end() {
        long stamp = asking.writeLock();
        ended = true;
        asking.unlockWrite(stamp);
    }
}
