package dev.openppu.driver.client;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.openppu.abi.packet.AqlHeader;
import dev.openppu.abi.packet.Signal;
import dev.openppu.concurrency.Chunks;
import dev.openppu.driver.PpuException;
import dev.openppu.model.pcie.DeviceStores;
import java.lang.foreign.MemorySegment;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** Command rings: the driver's {@link CommandQueue} against the model's way of reading a ring. */
public final class RingStress {
    /** So many that a moment which passes quickly is met now and then. */
    private static final int LOOKS = 30;

    private RingStress() {}

    /** A header that is there means a packet that is there, all of it. */
    @JCStressTest
    @Outcome(id = "-1", expect = ACCEPTABLE, desc = "no packet yet")
    @Outcome(id = "7", expect = ACCEPTABLE, desc = "the packet")
    @Outcome(expect = FORBIDDEN, desc = "a header before its packet")
    @State
    public static class Publication extends Rings {
        private final MemorySegment line = Chunks.next(AqlHeader.PACKET_BYTES);

        @Actor
        public void producer() {
            submit(7);
        }

        @Actor
        public void device(I_Result r) {
            r.r1 = -1;
            for (int looks = 0; looks < LOOKS && r.r1 < 0; looks++) {
                r.r1 = look(0, 7, line);
            }
        }
    }

    /** A header that is there means a packet that was counted: no completion can be ahead of the count. */
    @JCStressTest
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "no packet yet")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "a packet, and it is counted")
    @Outcome(expect = FORBIDDEN, desc = "a packet before it was counted")
    @State
    public static class Count extends Rings {
        @Actor
        public void producer() {
            submit(7);
        }

        @Actor
        public void device(II_Result r) {
            for (int looks = 0; looks < LOOKS && r.r1 == 0; looks++) {
                r.r1 = AqlHeader.acquire(ring, 0) == WORD ? 1 : 0;
            }
            r.r2 = r.r1 == 0 ? 0 : (int) queue.submitted();
        }
    }

    /** The device gives a slot back and the producer fills it again: nobody loses what the other has written. */
    @JCStressTest
    @Outcome(id = "7, 0", expect = ACCEPTABLE, desc = "the ring was full still")
    @Outcome(id = "7, 1", expect = ACCEPTABLE, desc = "the old packet was read whole, the new one is there whole")
    @Outcome(expect = FORBIDDEN, desc = "a slot was filled before it was given back, or emptied after it was filled again")
    @State
    public static class Wrap extends Rings {
        private final MemorySegment line = Chunks.next(AqlHeader.PACKET_BYTES);
        private boolean claimed;
        private int read;

        @SuppressWarnings("this-escape") // nobody extends it
        public Wrap() {
            for (int i = 0; i < CAPACITY; i++) {
                submit(1);
            }
        }

        @Actor
        public void device() {
            read = look(0, 1, line);
            DeviceStores.store(ring, 0, Integer.BYTES, AqlHeader.INVALID_WORD);
            DeviceStores.store(readIndex, 0, Long.BYTES, 1);
        }

        @Actor
        public void producer() {
            if (queue.tryClaim(1)) {
                claimed = true;
                packet(2);
                queue.release();
            }
        }

        @Arbiter
        public void end(II_Result r) {
            r.r1 = read;
            r.r2 = claimed ? holds(0, 2) ? 1 : -1 : 0;
        }
    }

    /** Two producers: two packets in two slots, and the doorbell was rung for the last. */
    @JCStressTest
    @Outcome(id = "2, 1", expect = ACCEPTABLE, desc = "both packets are whole, and rung for")
    @Outcome(expect = FORBIDDEN, desc = "a packet was lost, mixed with another, or nobody rang for it")
    @State
    public static class Turns extends Rings {
        @Actor
        public void first() {
            submit(1);
        }

        @Actor
        public void second() {
            submit(2);
        }

        @Arbiter
        public void end(II_Result r) {
            boolean inOrder = holds(0, 1) && holds(1, 2);
            boolean turned = holds(0, 2) && holds(1, 1);
            r.r1 = inOrder || turned ? (int) queue.submitted() : -1;
            r.r2 = (int) rung;
        }
    }

    /** Two producers, one of which waits for space at least: it goes on in a turn of its own. */
    @JCStressTest
    @Outcome(id = "6, 5", expect = ACCEPTABLE, desc = "both packets are whole, and rung for")
    @Outcome(expect = FORBIDDEN, desc = "a packet was lost, mixed with another, or nobody rang for it")
    @State
    public static class TurnsOfThoseWhoWaited extends Rings {
        @SuppressWarnings("this-escape") // nobody extends it
        public TurnsOfThoseWhoWaited() {
            for (int i = 0; i < CAPACITY; i++) {
                submit(9);
            }
        }

        @Actor
        public void waits() {
            submit(1);
        }

        @Actor
        public void giving() {
            for (int slot = 0; slot < 2; slot++) {
                DeviceStores.store(ring, (long) slot * AqlHeader.PACKET_BYTES, Integer.BYTES, AqlHeader.INVALID_WORD);
            }
            DeviceStores.store(readIndex, 0, Long.BYTES, 2);
            submit(2);
        }

        @Arbiter
        public void end(II_Result r) {
            boolean inOrder = holds(0, 1) && holds(1, 2);
            boolean turned = holds(0, 2) && holds(1, 1);
            r.r1 = inOrder || turned ? (int) queue.submitted() : -1;
            r.r2 = (int) rung;
        }
    }

    /** A producer leaves the ringing to who waits for the turn: that one rings, even if all it wanted was to give the queue up. */
    @JCStressTest
    @Outcome(id = "0", expect = ACCEPTABLE, desc = "rung for")
    @Outcome(expect = FORBIDDEN, desc = "nobody rang for the packet")
    @State
    public static class RingingLeftToParker extends Rings {
        @Actor
        public void producer() {
            submit(1);
        }

        @Actor
        public void parker() {
            queue.park();
        }

        @Arbiter
        public void end(I_Result r) {
            r.r1 = (int) rung;
        }
    }

    /** The same, left to one that finds no space and goes away. */
    @JCStressTest
    @Outcome(id = "3", expect = ACCEPTABLE, desc = "rung for")
    @Outcome(expect = FORBIDDEN, desc = "nobody rang for the packet")
    @State
    public static class RingingLeftToTheUnlucky extends Rings {
        @SuppressWarnings("this-escape") // nobody extends it
        public RingingLeftToTheUnlucky() {
            for (int i = 0; i < CAPACITY - 1; i++) {
                submit(1);
            }
        }

        @Actor
        public void producer() {
            submit(1);
        }

        @Actor
        public void unlucky() {
            if (queue.tryClaim(2)) {
                throw new AssertionError("there is space for one");
            }
        }

        @Arbiter
        public void end(I_Result r) {
            r.r1 = (int) rung;
        }
    }

    /** A reset ends work as if it were done; but who looks whether it is done hears of the reset, whose mark comes first. */
    @JCStressTest
    @Outcome(id = "0", expect = ACCEPTABLE, desc = "not done")
    @Outcome(id = "-1", expect = ACCEPTABLE, desc = "the context is lost")
    @Outcome(expect = FORBIDDEN, desc = "lost work was taken for done")
    @State
    public static class LostIsNotDone extends Rings {
        private final long target;

        @SuppressWarnings("this-escape") // nobody extends it
        public LostIsNotDone() {
            submit(1);
            target = queue.submitted();
        }

        @Actor
        public void owner() {
            Signal.publish(status, 0, dev.openppu.driver.owner.ContextStatus.DEVICE_LOST);
            Signal.publish(signal, 0, queue.signalAt(target));
        }

        @Actor
        public void client(I_Result r) {
            try {
                r.r1 = queue.done(target) ? 1 : 0;
            } catch (PpuException e) {
                r.r1 = -1;
            }
        }
    }
}
