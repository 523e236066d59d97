package dev.openppu.driver.owner.hang;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openppu.abi.reg.QueueHold;
import dev.openppu.abi.reg.QueueState;
import dev.openppu.driver.fake.ManualRuntime;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HangWatchTest {
    private static final long LIMIT = TimeUnit.SECONDS.toNanos(4);
    private static final long PERIOD = TimeUnit.MILLISECONDS.toNanos(10);

    private final ManualRuntime runtime = new ManualRuntime();
    private final Queues queues = new Queues();
    private long deviceStopped;
    private int pings;
    private Runnable ping = () -> {};
    private final HangWatch watch = new HangWatch(runtime, queues,
            new LivenessProbe(runtime, queues, () -> runtime.nanos() - deviceStopped, () -> {
                pings++;
                ping.run();
            }), LIMIT);

    /** Two queues; number 1 is held by nobody unless a test says so. */
    private static final class Queues implements WatchedQueues {
        private final @Nullable Ring[] rings = {new Ring(0, 3, true), null};
        private final Look[] looks = {new Look(QueueState.RUNNING, QueueHold.NONE, 7, 0, 0),
            new Look(QueueState.IDLE, QueueHold.NONE, 0, 0, 0)};
        private int registerReads;
        private int reminders;

        @Override
        public int size() {
            return rings.length;
        }

        @Override
        public @Nullable Ring ring(int queue) {
            return rings[queue];
        }

        @Override
        public Look look(int queue) {
            registerReads++;
            return looks[queue];
        }

        @Override
        public void ringAgain(int queue) {
            reminders++;
        }
    }

    private Optional<Hang> lookFor(long nanos) {
        return lookFor(nanos, () -> {});
    }

    private Optional<Hang> lookFor(long nanos, Runnable between) {
        long end = runtime.nanos() + nanos;
        Optional<Hang> hang = watch.look();
        while (hang.isEmpty() && runtime.nanos() < end) {
            runtime.sleep(PERIOD);
            between.run();
            hang = watch.look();
        }
        return hang;
    }

    @Test
    void aQueueThatStandsStillIsHungWithinItsLimit() {
        Optional<Hang> hang = lookFor(2 * LIMIT);
        assertThat(hang).isPresent();
        assertThat(hang.get().queue()).isZero();
        assertThat(hang.get().holding()).isZero();
        assertThat(hang.get().progress()).isEqualTo(7);
        assertThat(runtime.nanos()).isBetween(LIMIT, LIMIT + LIMIT / 4);
        assertThat(pings).isEqualTo(1);
    }

    /** What the first waits for may be in the hands of the second. */
    @Test
    void aQueueThatHangsAgainDoesNotHideOneThatHasHungAllTheTime() {
        queues.rings[1] = new WatchedQueues.Ring(0, 3, true);
        queues.looks[1] = new WatchedQueues.Look(QueueState.WAITING, QueueHold.BARRIER, 7, 0, 0);
        assertThat(lookFor(2 * LIMIT)).get().extracting(Hang::queue).isEqualTo(0);
        watch.restart();
        queues.rings[0] = new WatchedQueues.Ring(1, 0, true); // somebody else's, and stopped as well
        assertThat(lookFor(2 * LIMIT)).get().extracting(Hang::queue).isEqualTo(1);
        watch.restart();
        assertThat(lookFor(2 * LIMIT)).get().extracting(Hang::queue).isEqualTo(0);
    }

    @Test
    void aQueueWhoseReadIndexMovesIsNeverHungAndNotAskedByRegister() {
        assertThat(lookFor(10 * LIMIT, () -> queues.rings[0] = new WatchedQueues.Ring(0, runtime.nanos() / LIMIT * 8, true))).isEmpty();
        queues.registerReads = 0;
        assertThat(lookFor(10 * LIMIT, () -> queues.rings[0] = new WatchedQueues.Ring(0, runtime.nanos(), true))).isEmpty();
        assertThat(queues.registerReads).isZero();
    }

    @Test
    void aQueueThatOnlyProgressesIsNotHung() {
        assertThat(lookFor(10 * LIMIT,
                () -> queues.looks[0] = new WatchedQueues.Look(QueueState.RUNNING, QueueHold.BARRIER, runtime.nanos() / (LIMIT / 2), 0, 0)))
                .isEmpty();
    }

    @Test
    void aQueueThatWaitsForSoftwareIsNotHung() {
        for (QueueHold hold : new QueueHold[]{QueueHold.VALUE, QueueHold.DEPENDENCY}) {
            assertThat(lookFor(5 * LIMIT, () -> queues.looks[0] = new WatchedQueues.Look(QueueState.WAITING, hold, 7, looked(), 1)))
                    .as(hold.name())
                    .isEmpty();
        }
        queues.looks[0] = new WatchedQueues.Look(QueueState.WAITING, QueueHold.BARRIER, 7, 0, 0);
        assertThat(lookFor(2 * LIMIT)).isPresent();
    }

    /** Who was told too early may have taken back what the packet waits for. */
    @Test
    void aQueueThatWaitsWithAPacketThatWasCountedAlreadyIsHung() {
        assertThat(lookFor(5 * LIMIT, () -> queues.looks[0] = new WatchedQueues.Look(QueueState.WAITING, QueueHold.VALUE, 7, looked(),
                WatchedQueues.Look.UNKNOWN))).as("nobody can tell").isEmpty();
        assertThat(lookFor(2 * LIMIT, () -> queues.looks[0] = new WatchedQueues.Look(QueueState.WAITING, QueueHold.VALUE, 7, looked(), 0)))
                .isPresent();
    }

    @Test
    void anIdleQueueThatHasToldOfMoreThanItTookIsHung() {
        queues.rings[0] = new WatchedQueues.Ring(0, 3, false);
        queues.looks[0] = new WatchedQueues.Look(QueueState.IDLE, QueueHold.NONE, 7, 0, -1);
        assertThat(lookFor(2 * LIMIT)).isPresent();
    }

    @Test
    void aQueueThatHasToldOfAFailureThatThereWasNotIsHung() {
        queues.rings[0] = new WatchedQueues.Ring(0, 3, false);
        queues.looks[0] = new WatchedQueues.Look(QueueState.IDLE, QueueHold.NONE, 7, 0, WatchedQueues.Look.TOLD_OF_FAILURE);
        assertThat(lookFor(2 * LIMIT)).isPresent();
    }

    @Test
    void aQueueThatWaitsForItsTurnIsNotHungWhileOthersMove() {
        queues.looks[0] = new WatchedQueues.Look(QueueState.WAITING, QueueHold.ENGINE, 7, 0, 0);
        queues.rings[1] = new WatchedQueues.Ring(1, 0, false);
        assertThat(lookFor(8 * LIMIT,
                () -> queues.looks[1] = new WatchedQueues.Look(QueueState.RUNNING, QueueHold.NONE, runtime.nanos(), 0, 0)))
                .isEmpty();
        queues.looks[1] = new WatchedQueues.Look(QueueState.IDLE, QueueHold.NONE, 1, 0, 0);
        long begin = runtime.nanos();
        assertThat(lookFor(4 * LIMIT)).isPresent();
        assertThat(runtime.nanos() - begin).as("others get the blame first").isGreaterThan(LIMIT + LIMIT / 2);
    }

    @Test
    void anIdleQueueCostsNoRegisterReads() {
        queues.rings[0] = new WatchedQueues.Ring(0, 3, false);
        queues.looks[0] = new WatchedQueues.Look(QueueState.IDLE, QueueHold.NONE, 7, 0, 0);
        assertThat(lookFor(LIMIT)).isEmpty();
        int reads = queues.registerReads;
        assertThat(reads).isEqualTo(1);
        assertThat(lookFor(20 * LIMIT)).isEmpty();
        assertThat(queues.registerReads).isEqualTo(reads);
    }

    @Test
    void theDoorbellOfAPacketThatIsNotTakenIsRungAgainLongBeforeItCountsAsAHang() {
        queues.looks[0] = new WatchedQueues.Look(QueueState.IDLE, QueueHold.NONE, 7, 0, 0);
        assertThat(lookFor(LIMIT / 30)).isEmpty();
        assertThat(queues.reminders).isEqualTo(1);
        assertThat(lookFor(LIMIT / 2)).isEmpty();
        assertThat(queues.reminders).as("a reminder may be lost as well, but few are sent").isBetween(3, 6);
        int before = queues.reminders;
        queues.rings[0] = new WatchedQueues.Ring(0, 4, true);
        assertThat(lookFor(LIMIT / 30)).isEmpty();
        assertThat(queues.reminders).isEqualTo(before + 1);
        queues.rings[0] = new WatchedQueues.Ring(0, 5, false);
        assertThat(lookFor(LIMIT / 2)).isEmpty();
        assertThat(queues.reminders).as("nothing is on offer").isEqualTo(before + 1);
    }

    @Test
    void aPacketThatTheDeviceDoesNotNoticeIsAHang() {
        queues.looks[0] = new WatchedQueues.Look(QueueState.IDLE, QueueHold.NONE, 7, 0, 0);
        assertThat(lookFor(2 * LIMIT)).isPresent();
    }

    @Test
    void aCompletionThatIsLostIsAHangThoughTheQueueHasNothingToDo() {
        queues.rings[0] = new WatchedQueues.Ring(0, 3, false);
        queues.looks[0] = new WatchedQueues.Look(QueueState.IDLE, QueueHold.NONE, 7, 0, 1);
        assertThat(lookFor(2 * LIMIT)).isPresent();
    }

    @Test
    void aCompletionThatIsLostIsAHangThoughTheNextPacketWaitsForSoftware() {
        assertThat(lookFor(2 * LIMIT, () -> queues.looks[0] = new WatchedQueues.Look(QueueState.WAITING, QueueHold.VALUE, 7, looked(), 2)))
                .isPresent();
    }

    @Test
    void aDeviceThatNoLongerLooksAtWhatAQueueWaitsForHangs() {
        queues.looks[0] = new WatchedQueues.Look(QueueState.WAITING, QueueHold.VALUE, 7, 9, 1);
        assertThat(lookFor(2 * LIMIT)).isPresent();
    }

    @Test
    void aDeviceThatDoesNotCountItsLooksIsTakenAtItsWord() {
        queues.looks[0] = new WatchedQueues.Look(QueueState.WAITING, QueueHold.VALUE, 7, 0, 1);
        assertThat(lookFor(5 * LIMIT)).isEmpty();
    }

    @Test
    void aQueueThatHasFailedAndWhoseHolderWasNotToldIsFound() {
        queues.rings[0] = new WatchedQueues.Ring(0, 3, false);
        queues.looks[0] = new WatchedQueues.Look(QueueState.ERROR, QueueHold.NONE, 7, 0, 0);
        assertThat(lookFor(2 * LIMIT)).isPresent();
    }

    @Test
    void aQueueThatWasNeverEnabledHangs() {
        queues.looks[0] = new WatchedQueues.Look(QueueState.DISABLED, QueueHold.NONE, 0, 0, 0);
        assertThat(lookFor(2 * LIMIT)).isPresent();
    }

    private long looked() {
        return runtime.nanos() / PERIOD % 0xffff + 1;
    }

    @Test
    void aStoppedProcessIsNoHang() {
        assertThat(lookFor(LIMIT / 2)).isEmpty();
        runtime.sleep(100 * LIMIT); // nobody looked meanwhile
        assertThat(watch.look()).as("the gap counts for an eighth of the limit only").isEmpty();
        queues.looks[0] = new WatchedQueues.Look(QueueState.RUNNING, QueueHold.NONE, 8, 0, 0);
        assertThat(lookFor(LIMIT / 2)).isEmpty();
    }

    @Test
    void aDeviceWhoseClockStoodStillTooIsNoHang() {
        assertThat(lookFor(3 * LIMIT, () -> deviceStopped += PERIOD)).isEmpty();
        assertThat(pings).isZero();
        assertThat(lookFor(2 * LIMIT)).isPresent();
    }

    @Test
    void whatMovesDuringTheProbeIsNoHang() {
        ping = () -> queues.looks[0] = new WatchedQueues.Look(QueueState.RUNNING, QueueHold.NONE, 7 + pings, 0, 0);
        assertThat(lookFor(5 * LIMIT)).isEmpty();
        assertThat(pings).isGreaterThan(2);
    }

    @Test
    void aFirmwareThatDoesNotAnswerIsNotTheQueuesFault() {
        ping = () -> {
            throw new IllegalStateException("no answer");
        };
        assertThatThrownBy(() -> lookFor(2 * LIMIT)).hasMessage("no answer");
    }

    @Test
    void anotherHolderOfTheQueueBeginsAnew() {
        assertThat(lookFor(LIMIT - LIMIT / 8)).isEmpty();
        queues.rings[0] = new WatchedQueues.Ring(5, 3, true);
        assertThat(lookFor(LIMIT - LIMIT / 8)).isEmpty();
    }
}
