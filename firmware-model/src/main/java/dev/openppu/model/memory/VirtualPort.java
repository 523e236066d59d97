package dev.openppu.model.memory;

import dev.openppu.abi.reg.MmuAccess;
import dev.openppu.model.pcie.Completion;
import dev.openppu.model.pcie.HostPort;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * One engine's way to a context's memory: page by page through the MMU, to device memory or, for system pages, through the function's DMA to the host.
 *
 * <p>Every access returns whether it succeeded; {@link #fault()} then says why not. A bulk access that fails has done the pages before the fault. Used under
 * the device's exclusion.
 */
public final class VirtualPort {
    private static final int ZEROS = 1 << 16;

    private final Mmu mmu;
    private final Tlb tlb;
    private final SparseMemory memory;
    private final HostPort host;
    private final Translation translation = new Translation();
    private final Completion completion = new Completion();
    private final MemorySegment zeros;
    private final VirtualCopy copy;
    private long pageFirst;
    private long pageBytes;
    private int pageContext;
    private long pageRoot;
    private long pageEpoch;
    private int pageLevel;
    private long pageEntry;

    /**
     * @param longestRequest of copies to the host, in bytes, a power of two
     * @param arena of the device
     */
    public VirtualPort(Mmu mmu, Tlb tlb, SparseMemory memory, HostPort host, long longestRequest, Arena arena) {
        this.mmu = mmu;
        this.tlb = tlb;
        this.memory = memory;
        this.host = host;
        this.zeros = arena.allocate(ZEROS, 8);
        this.copy = new VirtualCopy(this, memory, host, longestRequest, arena);
    }

    /** Why the last access failed, or where it ended. */
    public Translation fault() {
        return translation;
    }

    public boolean read(int context, long address, MemorySegment destination) {
        long length = destination.byteSize();
        for (long done = 0; done < length;) {
            if (!translate(context, address + done, MmuAccess.READ)) {
                return false;
            }
            long chunk = Math.min(length - done, translation.bytesToPageEnd());
            MemorySegment part = destination.asSlice(done, chunk);
            if (translation.system()) {
                if (!host.read(translation.address(), part).ok()) {
                    return refused(address + done);
                }
            } else {
                long unreadable = memory.correction().check(translation.address(), chunk);
                if (unreadable >= 0) {
                    return unreadable(unreadable);
                }
                memory.read(translation.address(), part);
            }
            done += chunk;
        }
        return true;
    }

    public boolean write(int context, long address, MemorySegment source) {
        long length = source.byteSize();
        for (long done = 0; done < length;) {
            if (!translate(context, address + done, MmuAccess.WRITE)) {
                return false;
            }
            long chunk = Math.min(length - done, translation.bytesToPageEnd());
            MemorySegment part = source.asSlice(done, chunk);
            if (translation.system()) {
                if (!host.write(translation.address(), part).ok()) {
                    return refused(address + done);
                }
            } else {
                memory.write(translation.address(), part);
            }
            done += chunk;
        }
        return true;
    }

    /** Copies, ascending; how far it has come if it failed, {@link #copied} tells. */
    public boolean copy(int context, long source, long destination, long length) {
        return copy.copy(context, source, destination, length);
    }

    /** Bytes that the last {@link #copy} has copied. */
    public long copied() {
        return copy.copied();
    }

    /** Where a range begins, and for how many of its bytes pages lie together; 0 if already the first page cannot be accessed so. */
    long locate(int context, long address, long length, MmuAccess access, VirtualCopy.Place place) {
        if (!translate(context, address, access)) {
            return 0;
        }
        place.set(translation.system(), translation.address());
        long run = translation.bytesToPageEnd();
        while (run < length && translate(context, address + run, access)
                && place.goesOn(run, translation.system(), translation.address())) {
            run += translation.pageBytes();
        }
        return Math.min(run, length);
    }

    /** Notes that an access to a page that was found was refused by the host. */
    boolean refused(int context, long address, MmuAccess access) {
        return translate(context, address, access) && refused(address);
    }

    /** Notes that a word of a page that was found cannot be read. */
    boolean unreadable(int context, long address) {
        return translate(context, address, MmuAccess.READ) && unreadable(translation.address());
    }

    /** Writes zeros; device memory that was never written stays untouched. */
    public boolean clear(int context, long address, long length) {
        for (long done = 0; done < length;) {
            if (!translate(context, address + done, MmuAccess.WRITE)) {
                return false;
            }
            long chunk = Math.min(length - done, translation.bytesToPageEnd());
            if (translation.system()) {
                chunk = Math.min(chunk, ZEROS);
                if (!host.write(translation.address(), zeros.asSlice(0, chunk)).ok()) {
                    return refused(address + done);
                }
            } else {
                memory.clear(translation.address(), chunk);
            }
            done += chunk;
        }
        return true;
    }

    /**
     * Loads an aligned value.
     *
     * @param width 4 or 8 bytes
     * @return whether it succeeded; the value is in {@link #loaded}
     */
    public boolean load(int context, long address, int width) {
        return translate(context, address, MmuAccess.READ) && loadTranslated(width);
    }

    /** The value of the last {@link #load}, zero-extended. */
    public long loaded() {
        return completion.value;
    }

    /** Subtracts one from an aligned 64-bit value that only the device writes: one load, and one store in one piece. */
    public boolean decrement(int context, long address) {
        if (!translate(context, address, MmuAccess.ATOMIC) || !loadTranslated(Long.BYTES)) {
            return false;
        }
        long at = translation.address();
        if (!translation.system()) {
            memory.store(at, Long.BYTES, completion.value - 1);
            return true;
        }
        return host.write64(at, completion.value - 1).ok() || refused(address);
    }

    /** Stores an aligned value in one piece: to the host by one posted write. */
    public boolean store(int context, long address, int width, long value) {
        if (!translate(context, address, MmuAccess.WRITE)) {
            return false;
        }
        if (!translation.system()) {
            memory.store(translation.address(), width, value);
            return true;
        }
        long iova = translation.address();
        return (width == 8 ? host.write64(iova, value) : host.write32(iova, (int) value)).ok() || refused(address);
    }

    private boolean loadTranslated(int width) {
        long at = translation.address();
        if (!translation.system()) {
            long unreadable = memory.correction().check(at, width);
            if (unreadable >= 0) {
                return unreadable(unreadable);
            }
            completion.value = memory.load(at, width);
            return true;
        }
        return (width == 8 ? host.read64(at, completion) : host.read32(at, completion)).ok() || refused(translation.virtualAddress());
    }

    private boolean translate(int context, long address, MmuAccess access) {
        if (address - pageFirst >= 0 && address - pageFirst < pageBytes && context == pageContext && mmu.epoch() == pageEpoch
                && mmu.root(context) == pageRoot) {
            tlb.hitBeside();
            translation.begin(address, access);
            translation.leaf(pageLevel, pageEntry);
            return translation.ok();
        }
        mmu.translate(tlb, context, address, access, translation);
        if (translation.ok()) {
            keepPage(context);
        }
        return translation.ok();
    }

    /** The page that was used last stands beside the translation buffer, until an invalidation or another root. */
    private void keepPage(int context) {
        pageBytes = translation.pageBytes();
        pageFirst = translation.virtualAddress() & -pageBytes;
        pageContext = context;
        pageRoot = mmu.root(context);
        pageEpoch = mmu.epoch();
        pageLevel = translation.level();
        pageEntry = translation.entry();
    }

    /** @param word PA */
    private boolean unreadable(long word) {
        translation.unreadable(translation.virtualAddress() + Math.max(0, word - translation.address()));
        return false;
    }

    private boolean refused(long address) {
        translation.refusedByHost(address);
        return false;
    }
}
