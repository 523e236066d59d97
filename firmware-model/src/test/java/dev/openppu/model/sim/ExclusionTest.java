package dev.openppu.model.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ExclusionTest {
    private int inside;
    private long count;

    @Test
    void oneThreadAtATimeIsInside() throws InterruptedException {
        Exclusion exclusion = new Exclusion(() -> false);
        List<Thread> threads = new ArrayList<>();
        List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
        for (int t = 0; t < 4; t++) {
            threads.add(Thread.ofPlatform().uncaughtExceptionHandler((_, e) -> failures.add(e)).start(() -> {
                for (int i = 0; i < 5_000; i++) {
                    exclusion.enter();
                    exclusion.enter();
                    assertThat(++inside).isEqualTo(1);
                    count++;
                    inside--;
                    exclusion.exit();
                    exclusion.letOthersIn();
                    exclusion.exit();
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(failures).isEmpty();
        assertThat(count).isEqualTo(4 * 5_000);
    }

    @Test
    void whoHoldsItForOneThingAfterTheOtherKeepsNobodyOut() throws InterruptedException {
        Exclusion exclusion = new Exclusion(() -> false);
        AtomicBoolean over = new AtomicBoolean();
        Thread busy = Thread.ofPlatform().start(() -> {
            exclusion.enter();
            while (!over.get()) {
                long until = System.nanoTime() + 20_000;
                while (System.nanoTime() < until) {
                    Thread.onSpinWait();
                }
                exclusion.letOthersIn();
            }
            exclusion.exit();
        });
        for (int i = 0; i < 200; i++) {
            exclusion.enter();
            exclusion.exit();
        }
        over.set(true);
        busy.join();
    }
}
