package dev.openppu.model.sim;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** Long copies that a thread which waits for the device helps with. */
public final class CopyStress {
    private static final int BYTES = 32 << 10;
    private static final int PIECE = 16 << 10;
    private static final MemorySegment ONES = MemorySegment.ofArray(new byte[BYTES]).fill((byte) 1);

    private CopyStress() {}

    /** When the copy returns all of it is there, whoever copied. */
    @JCStressTest
    @Outcome(id = "2", expect = ACCEPTABLE, desc = "both pieces are there")
    @Outcome(expect = FORBIDDEN, desc = "the copy returned before who helped had ended")
    @State
    public static class Help {
        private final SharedCopy copies = new SharedCopy();
        private final MemorySegment to = MemorySegment.ofArray(new byte[BYTES]);

        @Actor
        public void device(I_Result r) {
            copies.copy(ONES, 0, to, 0, BYTES);
            r.r1 = to.get(ValueLayout.JAVA_BYTE, PIECE - 1) + to.get(ValueLayout.JAVA_BYTE, BYTES - 1);
        }

        @Actor
        public void host() {
            for (int looks = 0; looks < 50 && !copies.help(); looks++) {
                Thread.onSpinWait();
            }
        }
    }
}
