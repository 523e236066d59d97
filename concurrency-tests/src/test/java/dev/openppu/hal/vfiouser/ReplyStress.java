package dev.openppu.hal.vfiouser;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.openppu.hal.vfiouser.protocol.Command;
import dev.openppu.hal.vfiouser.protocol.Header;
import dev.openppu.hal.vfiouser.protocol.Payload;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** Replies of a vfio-user server: the thread that reads the socket hands them to the threads that wait. */
public final class ReplyStress {
    private static final int VALUE = 0x1234;
    private static final Payload NONE = new Payload() {
        @Override
        public int bytes() {
            return 0;
        }

        @Override
        public void encode(MemorySegment to) {
            // nothing
        }
    };

    private ReplyStress() {}

    static class Asked {
        final Exchange exchange = new Exchange(0);
        final Header reply;

        Asked() {
            exchange.prepare(Command.REGION_READ, NONE, 0, false);
            reply = new Header(1 << 6, Command.REGION_READ.code(), Header.BYTES + Integer.BYTES, Header.TYPE_REPLY, 0);
        }

        /** As the reader does it, once; whether there was a reply to take. */
        boolean answer() {
            if (!exchange.claim(reply)) {
                return false;
            }
            exchange.incoming().set(ValueLayout.JAVA_INT, 0, VALUE);
            exchange.complete(reply);
            return true;
        }

        int received() {
            return exchange.reply().byteSize() == Integer.BYTES && exchange.reply().get(ValueLayout.JAVA_INT, 0) == VALUE ? 1 : -1;
        }
    }

    /** Who has waited has the whole reply. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "the reply")
    @Outcome(expect = FORBIDDEN, desc = "it was told before it was there")
    @State
    public static class Contents extends Asked {
        @Actor
        public void asker(II_Result r) {
            exchange.expect(Integer.BYTES, false);
            r.r1 = exchange.await() ? 1 : 0;
            r.r2 = received();
        }

        @Actor
        public void reader() {
            while (!answer()) {
                Thread.onSpinWait();
            }
        }
    }

    /** Who asks gives up while the reply comes: it has come, or the reader leaves it alone. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "the reply")
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "lost, and the reader leaves it alone")
    @Outcome(expect = FORBIDDEN, desc = "lost, and the reader writes into what is used for something else")
    @State
    public static class LostOrClaimed extends Asked {
        private static final int LOOKS = 30;
        private int received;
        private boolean claimed;

        @Actor
        public void asker() {
            exchange.expect(Integer.BYTES, false);
            exchange.lose();
            received = exchange.await() ? received() : 0;
        }

        @Actor
        public void reader() {
            for (int looks = 0; looks < LOOKS && !claimed; looks++) {
                claimed = answer();
            }
        }

        @Arbiter
        public void end(II_Result r) {
            r.r1 = received;
            r.r2 = claimed ? 1 : 0;
        }
    }

    /** How long a reply is owed is reckoned from its own command on: by an earlier one's time the watch would give a link up that nobody let wait. */
    @JCStressTest
    @Outcome(id = "0", expect = ACCEPTABLE, desc = "nothing was owed yet")
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "since the command")
    @Outcome(expect = FORBIDDEN, desc = "since before the command")
    @State
    public static class Owed extends Asked {
        private static final long NOTHING = Long.MIN_VALUE;
        private final long begin = System.nanoTime();

        @Actor
        public void asker() {
            exchange.expect(Integer.BYTES, false);
        }

        @Actor
        public void watch(I_Result r) {
            long since = exchange.dueSince(NOTHING);
            r.r1 = since == NOTHING ? 0 : since - begin >= 0 ? 1 : -1;
        }
    }
}
