package dev.openppu.model.memory;

import dev.openppu.abi.memory.PageTableEntry;
import dev.openppu.abi.reg.MmuAccess;
import dev.openppu.abi.reg.MmuReason;
import dev.openppu.abi.reg.MmuScope;
import dev.openppu.model.reg.MmuContextRegs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Translates virtual addresses of contexts. The roots are those that software wrote, the tables are in device memory; every engine brings its own {@link Tlb}.
 *
 * <p>{@link #translate(Tlb, int, long, MmuAccess, Translation)} is used under the device's exclusion. An engine that works outside of it takes the root first
 * ({@link #root}) and then uses the overload with a root, which touches memory only.
 */
public final class Mmu {
    /** A root that translates nothing. */
    public static final long NO_ROOT = -1;

    private final PageWalker walker;
    private final long[] roots;
    private final List<Tlb> tlbs = new ArrayList<>();
    // written under the exclusion only
    private volatile long epoch;

    /**
     * @param usable bytes of the memory, from 0 on, that translations may lead to
     * @param contexts how many contexts there are
     */
    public Mmu(SparseMemory memory, long usable, int contexts) {
        this.walker = new PageWalker(memory, usable);
        this.roots = new long[contexts];
        Arrays.fill(roots, NO_ROOT);
    }

    /** A translation buffer that this MMU's invalidations reach. */
    public Tlb newTlb(int entries, long seed) {
        Tlb tlb = new Tlb(entries, seed);
        tlbs.add(tlb);
        return tlb;
    }

    /** PA of a context's level-3 table, or {@link #NO_ROOT}. */
    public long root(int context) {
        return context < roots.length ? roots[context] : NO_ROOT;
    }

    /** Software wrote a context's root register. */
    public void rootWritten(int context, long register) {
        roots[context] = MmuContextRegs.Root.valid(register) ? register & MmuContextRegs.Root.TABLE_MASK : NO_ROOT;
    }

    /** Translates under the exclusion; the outcome is in {@code out}. */
    public void translate(Tlb tlb, int context, long address, MmuAccess access, Translation out) {
        translate(tlb, root(context), context, address, access, out);
    }

    /** Translates with a root that was taken earlier. */
    public void translate(Tlb tlb, long root, int context, long address, MmuAccess access, Translation out) {
        out.begin(address, access);
        if (!PageTableEntry.canonical(address)) {
            out.fail(MmuReason.INVALID_VA, PageTableEntry.ROOT_LEVEL);
        } else if (root == NO_ROOT) {
            out.fail(MmuReason.NO_CONTEXT, PageTableEntry.ROOT_LEVEL);
        } else if (!tlb.lookUp(context, out)) {
            long before = epoch;
            walker.walk(root, out);
            if (out.ok() || out.reason() == MmuReason.NO_RIGHT) {
                // a walk that an invalidation overtook may have seen the old tables; one that comes now waits for the buffer, and finds what is held;
                // and work of before a reset that has not ended yet walks tables that are nobody's any more
                synchronized (tlb) {
                    if (before == epoch && root == root(context)) {
                        tlb.hold(context, out);
                    }
                }
            }
        }
    }

    /** Accesses that were prepared outside the exclusion are to be prepared anew; no buffer loses anything. */
    public void prepareAnew() {
        nextEpoch();
    }

    /** Changes with every invalidation. Any thread may ask. */
    public long epoch() {
        return epoch;
    }

    /** Where a walk for an address ends now: for fault records. */
    public int level(int context, long address, MmuAccess access) {
        Translation translation = new Translation();
        translation.begin(address, access);
        if (root(context) != NO_ROOT && PageTableEntry.canonical(address)) {
            walker.walk(root(context), translation);
        }
        return translation.level();
    }

    /**
     * Drops translations from every buffer. The epoch changes before, so that no walk of the old tables is held any more, and after, so that nobody keeps what he found
     * in a buffer meanwhile.
     */
    public void invalidate(MmuScope scope, int context, long address) {
        nextEpoch();
        for (Tlb tlb : tlbs) {
            tlb.invalidate(scope, context, address);
        }
        nextEpoch();
    }

    /** Forgets everything, as a reset does. */
    public void reset() {
        nextEpoch();
        Arrays.fill(roots, NO_ROOT);
        tlbs.forEach(Tlb::reset);
        nextEpoch();
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer at a time: code under the device's exclusion
    private void nextEpoch() {
        epoch++;
    }

    /** Counts hits and misses from 0 again; what buffers hold stays. */
    public void resetCounts() {
        tlbs.forEach(Tlb::resetCounts);
    }

    /** Translations found in a buffer since reset. */
    public long hits() {
        return tlbs.stream().mapToLong(Tlb::hits).sum();
    }

    /** Page walks since reset. */
    public long misses() {
        return tlbs.stream().mapToLong(Tlb::misses).sum();
    }
}
