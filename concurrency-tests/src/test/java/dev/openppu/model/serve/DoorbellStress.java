package dev.openppu.model.serve;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.openppu.concurrency.Chunks;
import dev.openppu.hal.mmio.MappedMmio;
import dev.openppu.hal.mmio.Mmio;
import dev.openppu.model.pcie.SharedBars.Doorbells;
import java.lang.foreign.MemorySegment;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** Doorbells that a client of another process stores to, and the server takes out of memory. */
public final class DoorbellStress {
    private static final Doorbells ONE = new Doorbells() {
        @Override
        public int bar() {
            return 4;
        }

        @Override
        public int count() {
            return 1;
        }

        @Override
        public boolean heard() {
            return true;
        }

        @Override
        public void remind(int index) {
            // nobody listens
        }
    };

    private DoorbellStress() {}

    /** The last ring is heard, whenever it comes. */
    @JCStressTest
    @Outcome(id = "2", expect = ACCEPTABLE, desc = "the last ring was heard")
    @Outcome(expect = FORBIDDEN, desc = "a ring was lost")
    @State
    public static class LastRing {
        private final MemorySegment page = Chunks.next(64);
        private final Mmio doorbell = new MappedMmio(page);
        private volatile long heard;
        private final DoorbellStores stores = new DoorbellStores(ONE, new DoorbellStores.Bell() {
            @Override
            public void ring(long offset, long value) {
                heard = value;
            }

            @Override
            public void remind(int index) {
                // nobody listens
            }
        });

        public LastRing() {
            stores.at(page);
            doorbell.write64(0, 1);
        }

        @Actor
        public void client() {
            doorbell.write64(0, 2);
        }

        @Actor
        public void server() {
            stores.take();
        }

        @Arbiter
        public void end(I_Result r) {
            stores.take();
            r.r1 = (int) heard;
        }
    }
}
