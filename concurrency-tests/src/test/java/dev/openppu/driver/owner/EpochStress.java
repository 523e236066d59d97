package dev.openppu.driver.owner;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.openppu.abi.error.HgResult;
import dev.openppu.concurrency.RegistersOnly;
import dev.openppu.concurrency.SpinningRuntime;
import dev.openppu.driver.Failure;
import dev.openppu.driver.PpuException;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Mode;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.Signal;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** Resets: what belongs to an epoch that has ended does not touch the next one. */
public final class EpochStress {
    /** Far more than a store needs to become visible; a real reset has 100 ms. */
    private static final long QUIET_NANOS = 2_000;

    private EpochStress() {}

    private static PpuException ended() {
        return new PpuException(Failure.of(HgResult.DEVICE_UNAVAILABLE, "device", "epoch 1", "it has ended", "make a new context"));
    }

    /** When the gate is closed nobody is inside, and nobody comes in any more. */
    @JCStressTest
    @Outcome(id = {"0, 0", "1, 0"}, expect = ACCEPTABLE, desc = "turned away, or done before the epoch ended")
    @Outcome(expect = FORBIDDEN, desc = "somebody worked on the device after its epoch had ended")
    @State
    public static class Gate {
        private final EpochGate gate = new EpochGate(new SpinningRuntime());
        private volatile int worked;
        private int workedBeforeEnd;

        @Actor
        public void user() {
            if (gate.enter()) {
                worked = 1;
                gate.leave();
            }
        }

        @Actor
        public void reset() {
            if (!gate.close(Long.MAX_VALUE)) {
                throw new AssertionError("somebody stays");
            }
            workedBeforeEnd = worked;
        }

        @Arbiter
        public void end(II_Result r) {
            r.r1 = worked;
            r.r2 = worked - workedBeforeEnd;
        }
    }

    /** A doorbell of the old epoch does not ring when the next one has begun. */
    @JCStressTest
    @Outcome(id = {"0, 0", "1, 0"}, expect = ACCEPTABLE, desc = "not rung, or rung before the epoch ended")
    @Outcome(expect = FORBIDDEN, desc = "a queue of the new epoch was rung by an old handle")
    @State
    public static class OldDoorbell {
        private final RegistersOnly link = new RegistersOnly();
        private final DeviceAccess device = new DeviceAccess(link);
        private final QueueDoorbell doorbell = new QueueDoorbell(device, 0);
        private int rungBeforeEnd;

        @Actor
        public void user() {
            doorbell.ring(1);
        }

        @Actor
        public void reset() {
            device.end(ended());
            link.runtime().sleep(QUIET_NANOS);
            while (doorbell.ringing()) {
                Thread.onSpinWait();
            }
            rungBeforeEnd = link.writes();
        }

        @Arbiter
        public void end(II_Result r) {
            r.r1 = link.writes();
            r.r2 = link.writes() - rungBeforeEnd;
        }
    }

    /** Who looks again and again whether the device was given up finds out, and why. */
    @JCStressTest(Mode.Termination)
    @Outcome(id = "TERMINATED", expect = ACCEPTABLE, desc = "found out")
    @Outcome(expect = FORBIDDEN, desc = "polls a device for ever that was given up")
    @State
    public static class GivenUp {
        private final DeviceAccess device = new DeviceAccess(new RegistersOnly());

        @Actor
        public void poller() {
            while (!device.ended()) {
                // nothing else tells
            }
        }

        @Signal
        public void reset() {
            device.end(ended());
        }
    }

    /** Whoever sees that the epoch is lost sees why. */
    @JCStressTest
    @Outcome(id = {"0", "1"}, expect = ACCEPTABLE, desc = "not lost, or lost for a reason")
    @Outcome(expect = FORBIDDEN, desc = "lost, but for no reason, or the reason is not whole")
    @State
    public static class Reason {
        private final EpochLife life = new EpochLife(new DeviceAccess(new RegistersOnly()), _ -> {});

        @Actor
        public void device() {
            life.lose(new PpuException(Failure.of(HgResult.UNKNOWN, "device", "epoch 1", "nonsense", "reset it")));
        }

        @Actor
        public void user(I_Result r) {
            if (life.lost()) {
                r.r1 = life.lossReason().map(why -> why.hgresult() == HgResult.UNKNOWN && why.getMessage() != null).orElse(false) ? 1 : -1;
            }
        }
    }
}
