package dev.openppu.model.serve;

import dev.openppu.hal.vfiouser.server.ServedFunction.MappedStores;
import dev.openppu.model.pcie.SharedBars.Doorbells;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.BitSet;

/**
 * Doorbells that a client stores to. Each is taken out by an exchange, so that none is lost that comes meanwhile; what is left in its place is the one value that is not heard. Of several stores to one
 * doorbell the last counts: it is a hint, and the later ones say more.
 */
final class DoorbellStores implements MappedStores {
    /** Far from any index of a packet, and from what software rings a queue with whose doorbell takes any value. */
    static final long TAKEN = 0xd00b_e111_d1e5_c0deL;

    private static final long PAGE = 4096;
    private static final VarHandle RING = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();

    private final Doorbells doorbells;
    private final Bell bell;
    private final BitSet taken;
    private MemorySegment pages = MemorySegment.NULL;

    /** Where a store is carried out. */
    interface Bell {
        void ring(long offset, long value);

        /** See {@link Doorbells#remind}. */
        void remind(int index);
    }

    DoorbellStores(Doorbells doorbells, Bell bell) {
        this.doorbells = doorbells;
        this.bell = bell;
        this.taken = new BitSet(doorbells.count());
    }

    /** From now on they are here: a page for each, which nobody has stored to. */
    void at(MemorySegment fresh) {
        pages = fresh;
        for (int i = 0; i < doorbells.count(); i++) {
            RING.setRelease(fresh, i * PAGE, TAKEN);
        }
        taken.clear();
    }

    @Override
    public boolean expected() {
        return doorbells.heard();
    }

    @Override
    public boolean take() {
        MemorySegment memory = pages;
        boolean any = false;
        for (int i = 0; i < doorbells.count(); i++) {
            if ((long) RING.getOpaque(memory, i * PAGE) != TAKEN) {
                taken.set(i);
                bell.ring(i * PAGE, (long) RING.getAndSet(memory, i * PAGE, TAKEN));
                any = true;
            }
        }
        return any;
    }

    @Override
    public void repeat() {
        for (int i = taken.nextSetBit(0); i >= 0; i = taken.nextSetBit(i + 1)) {
            bell.remind(i);
        }
    }

    @Override
    public void forget() {
        taken.clear();
    }
}
