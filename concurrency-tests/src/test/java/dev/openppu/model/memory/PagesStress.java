package dev.openppu.model.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Which pages of device memory were written, as engines note it that run at once. */
public final class PagesStress {
    private PagesStress() {}

    /** Two engines write to neighbouring pages of a piece of memory that nobody has written to. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "both pages count as written")
    @Outcome(expect = FORBIDDEN, desc = "a page that was written reads as if it never was")
    @State
    public static class Neighbours {
        private final WrittenPages pages = new WrittenPages(1);

        @Actor
        public void first() {
            pages.add(0);
        }

        @Actor
        public void second() {
            pages.add(1);
        }

        @Arbiter
        public void end(II_Result r) {
            r.r1 = pages.has(0) ? 1 : 0;
            r.r2 = pages.has(1) ? 1 : 0;
        }
    }
}
