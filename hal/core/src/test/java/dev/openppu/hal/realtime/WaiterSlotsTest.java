package dev.openppu.hal.realtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.hal.LinkRuntime;
import dev.openppu.hal.irq.Wakeup;
import dev.openppu.hal.realtime.HostWaiters.Waiter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WaiterSlotsTest {
    private final WaiterSlots slots = new WaiterSlots();

    private static Waiter waiter() {
        return new Waiter(Thread.currentThread(), () -> false, Wakeup.ANY, LinkRuntime.NEVER);
    }

    private List<Waiter> all() {
        List<Waiter> all = new ArrayList<>();
        slots.forEach(all::add);
        return all;
    }

    @Test
    void anyNumberOfWaitersComesAndGoes() {
        List<Waiter> waiters = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            waiters.add(waiter());
            slots.add(waiters.getLast());
        }
        assertThat(all()).containsExactlyElementsOf(waiters);
        for (int i = 0; i < 50; i += 2) {
            slots.remove(waiters.get(i));
        }
        assertThat(all()).hasSize(25).doesNotContain(waiters.getFirst()).contains(waiters.getLast());
        Waiter late = waiter();
        slots.add(late);
        assertThat(all()).as("takes the first free place").startsWith(late).hasSize(26);
    }

    @Test
    void threadsThatMeetLoseNobody() throws InterruptedException {
        AtomicInteger missed = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 12; t++) {
            threads.add(Thread.ofPlatform().daemon().start(() -> {
                for (int i = 0; i < 20_000; i++) {
                    Waiter mine = waiter();
                    slots.add(mine);
                    if (i % 16 == 0 && !all().contains(mine)) {
                        missed.incrementAndGet();
                    }
                    slots.remove(mine);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(missed).hasValue(0);
        assertThat(all()).isEmpty();
    }
}
