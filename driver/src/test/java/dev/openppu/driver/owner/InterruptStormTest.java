package dev.openppu.driver.owner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.driver.fake.FakeDevice;
import dev.openppu.hal.irq.Interrupts;
import dev.openppu.hal.irq.Wakeup;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Vectors that fire too often, or for nobody. */
class InterruptStormTest {
    private static final long MILLI = 1_000_000;

    private final Vectors vectors = new Vectors();
    private final VectorStorm storm = new VectorStorm(vectors, 0);

    /** Counts that a test sets, masks that it reads. */
    private static final class Vectors implements Interrupts {
        private final long[] delivered = new long[65];
        private final List<String> calls = new ArrayList<>();

        @Override
        public int vectors() {
            return delivered.length;
        }

        @Override
        public void enable(int count) {
            calls.add("enable");
        }

        @Override
        public void disable() {
            calls.add("disable");
        }

        @Override
        public long delivered(int vector) {
            return delivered[vector];
        }

        @Override
        public void mask(int vector) {
            calls.add("mask " + vector);
        }

        @Override
        public void unmask(int vector) {
            calls.add("unmask " + vector);
        }

        @Override
        public boolean pending(int vector) {
            return false;
        }
    }

    private QueueInterrupts queues() {
        return new QueueInterrupts(new DeviceAccess(new FakeDevice()), vectors, 1, 3);
    }

    @Test
    void theDevicesVectorIsMaskedForAWhileWhenItStorms() {
        assertThat(storm.look(0)).isTrue();
        vectors.delivered[0] = VectorStorm.MOST_PER_WINDOW;
        assertThat(storm.look(MILLI)).isTrue();
        vectors.delivered[0]++;
        assertThat(storm.look(2 * MILLI)).isFalse();
        assertThat(vectors.calls).containsExactly("mask 0");
        assertThat(storm.look(3 * MILLI)).isFalse();
        assertThat(storm.look(2 * MILLI + VectorStorm.CALM_NANOS)).isTrue();
        assertThat(vectors.calls).containsExactly("mask 0", "unmask 0");
    }

    @Test
    void aSteadyRateIsNoStorm() {
        for (int i = 0; i < 100; i++) {
            vectors.delivered[0] += VectorStorm.MOST_PER_WINDOW / 2;
            assertThat(storm.look(i * VectorStorm.WINDOW_NANOS)).isTrue();
        }
        assertThat(vectors.calls).isEmpty();
    }

    @Test
    void aQueuesVectorThatFiresForNobodyIsMaskedUntilSomebodySleeps() {
        QueueInterrupts queues = queues();
        Wakeup second = queues.wakeup(1);
        assertThat(second.vector()).isEqualTo(2);
        queues.look(10 * MILLI);
        vectors.delivered[2] = 15;
        queues.look(20 * MILLI);
        assertThat(vectors.calls).isEmpty();
        vectors.delivered[2] += 16;
        queues.look(30 * MILLI);
        assertThat(vectors.calls).containsExactly("mask 2");
        assertThat(second.arm()).isEqualTo(Long.MAX_VALUE);
        assertThat(vectors.calls).containsExactly("mask 2", "unmask 2");
        vectors.delivered[2] += 100;
        queues.look(40 * MILLI); // somebody sleeps: it is wanted
        assertThat(vectors.calls).hasSize(2);
        second.disarm();
    }

    @Test
    void aQueuesVectorThatStormsIsPolledInsteadAndComesBack() {
        QueueInterrupts queues = queues();
        Wakeup first = queues.wakeup(0);
        queues.look(10 * MILLI);
        assertThat(first.arm()).isEqualTo(Long.MAX_VALUE);
        vectors.delivered[1] = 10 * QueueInterrupts.MOST_PER_MILLI + 1;
        queues.look(20 * MILLI);
        assertThat(vectors.calls).containsExactly("mask 1");
        assertThat(queues.storms()).isEqualTo(1);
        assertThat(first.arm()).isEqualTo(QueueInterrupts.POLL_NANOS);
        queues.look(30 * MILLI);
        assertThat(vectors.calls).hasSize(1);
        queues.look(20 * MILLI + QueueInterrupts.CALM_NANOS);
        assertThat(vectors.calls).containsExactly("mask 1", "unmask 1");
        first.disarm();
        first.disarm();
    }
}
