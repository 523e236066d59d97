package dev.openppu.driver.owner.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.driver.fake.ManualRuntime;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class ResetBudgetTest {
    private final ManualRuntime runtime = new ManualRuntime();
    private final ResetBudget budget = new ResetBudget(runtime);

    @Test
    void whoeverNoticesALossForWhichAResetHasBegunPaysNothing() {
        for (int loss = 0; loss < ResetBudget.RESETS; loss++) {
            AtomicBoolean up = new AtomicBoolean(true);
            assertThat(budget.spend(() -> up.compareAndSet(true, false))).isTrue();
            for (int late = 0; late < 5; late++) {
                assertThat(budget.spend(() -> up.compareAndSet(true, false))).isFalse();
            }
        }
        assertThat(budget.spend(() -> true)).isFalse();
    }

    @Test
    void aDeviceThatIsResetTooOftenIsNotTouched() {
        spendAll();
        AtomicBoolean begun = new AtomicBoolean();
        assertThat(budget.spend(() -> begun.compareAndSet(false, true))).isFalse();
        assertThat(begun).isFalse();
    }

    @Test
    void aResetThatIsNotMadeIsGivenBack() {
        spendAll();
        budget.giveBack();
        assertThat(budget.spend(() -> true)).isTrue();
        assertThat(budget.spend(() -> true)).isFalse();
    }

    @Test
    void afterAMinuteThereMayBeMore() {
        spendAll();
        runtime.sleep(ResetBudget.PERIOD_NANOS - 1_000_000);
        assertThat(budget.spend(() -> true)).isFalse();
        runtime.sleep(2_000_000);
        spendAll();
    }

    private void spendAll() {
        for (int i = 0; i < ResetBudget.RESETS; i++) {
            assertThat(budget.spend(() -> true)).isTrue();
        }
    }
}
