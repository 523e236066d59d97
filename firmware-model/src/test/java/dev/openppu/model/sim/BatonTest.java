package dev.openppu.model.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Who keeps the baton for good is found out. */
class BatonTest {
    private static final int LOOKS = 200;

    @Test
    void aHolderThatWaitsForAMonitorOfAnotherEndsTheSimulation() throws InterruptedException {
        Object monitor = new Object();
        HostThread waiter = new HostThread("waiter", Thread.currentThread());
        Thread blocked = new Thread(() -> {
            synchronized (monitor) {
                monitor.notifyAll();
            }
        }, "tenant-3");
        HostThread holder = new HostThread("holder", blocked);
        Baton baton = new Baton(List.of(waiter, holder));
        baton.give(holder);
        synchronized (monitor) {
            blocked.start();
            while (blocked.getState() != Thread.State.BLOCKED) {
                Thread.onSpinWait();
            }
            look(baton);
            assertThat(baton.closed()).isTrue();
            assertThat(baton.stuck()).contains("tenant-3", "monitor");
        }
        blocked.join();
    }

    @Test
    void aHolderThatRunsIsLeftAlone() {
        HostThread runner = new HostThread("runner", Thread.currentThread());
        Baton baton = new Baton(List.of(runner, new HostThread("other", new Thread(() -> {}))));
        baton.give(runner);
        look(baton);
        assertThat(baton.closed()).isFalse();
        assertThat(baton.stuck()).isNull();
        baton.close();
    }

    private static void look(Baton baton) {
        for (int i = 0; i < LOOKS; i++) {
            baton.look();
        }
    }
}
