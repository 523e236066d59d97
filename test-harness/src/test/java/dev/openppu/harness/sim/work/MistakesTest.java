package dev.openppu.harness.sim.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openppu.abi.error.HgResult;
import dev.openppu.driver.Context;
import dev.openppu.driver.ContextLostException;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.Launch;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuException;
import dev.openppu.driver.PpuModule;
import dev.openppu.driver.PpuOptions;
import dev.openppu.driver.Stream;
import dev.openppu.harness.sim.check.Invariant;
import dev.openppu.harness.sim.check.Promises;
import dev.openppu.harness.sim.check.Reach;
import dev.openppu.harness.sim.check.Rules;
import dev.openppu.harness.sim.check.Violation;
import dev.openppu.harness.sim.work.Step.Kind;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A mistake costs the context that it was made in, by the error that is documented; anything else is seen, unless a fault may have been there first. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SAME_THREAD)
class MistakesTest {
    private static final Step STEP = new Step(5, Kind.MISTAKE, 77);

    private static Ppu device() {
        return Ppu.open("model:zw810e?clock=sim&seed=7", PpuOptions.builder().autoReset(true).noDumps().build());
    }

    private static Workbench bench(Ppu ppu, Kind kind) {
        return new Workbench(ppu, new Step(1, kind, 3), new Promises(Rules.ALL), Rules.ALL);
    }

    @Test
    void everyOneIsAsDocumentedAndItsXidIsReported() {
        try (Ppu ppu = device()) {
            for (Kind kind : List.of(Kind.THINK, Kind.PRIMARY_CONTEXT)) {
                Mistakes mistakes = new Mistakes(Rules.ALL);
                for (Mistake mistake : Mistake.values()) {
                    Workbench bench = bench(ppu, kind);
                    new WrongSteps(bench, STEP).make(mistake, mistakes);
                    assertThat(bench.context().lost()).as("a primary context is shared").isEqualTo(kind == Kind.THINK);
                    bench.close();
                }
                mistakes.judge("tester", Reach.NOBODY, ppu.xids());
                assertThat(mistakes.reports()).hasSize(Mistake.values().length).allMatch(ppu.xids()::contains);
            }
            assertThat(ppu.xids()).as("and no others").hasSize(2 * Mistake.values().length);
        }
    }

    @Test
    void oneThatCostsNothingIsSeenWhereFaultsCostNoMoreThanContexts() {
        try (Ppu ppu = device(); Context context = ppu.createContext()) {
            Mistakes mistakes = new Mistakes(Rules.ALL);
            PpuModule module = context.loadModule(MistakeKernels.CODE);
            assertThat(mistakes.note("here", Mistake.DIVIDES_BY_ZERO, OptionalLong.empty(), module, context, null)).isFalse();
            for (Reach reach : List.of(Reach.NOBODY, Reach.CONTEXTS)) {
                assertThatThrownBy(() -> mistakes.judge("tester", reach, List.of())).isInstanceOfSatisfying(Violation.class,
                        violation -> assertThat(violation.invariant()).isEqualTo(Invariant.TYPED_ERRORS))
                        .hasMessageContaining("DIVIDES_BY_ZERO").hasMessageContaining("as if nothing were wrong");
            }
            assertThatCode(() -> mistakes.judge("tester", Reach.EPOCH, List.of())).doesNotThrowAnyException();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"LOADS_NOWHERE", "STORES_ASKEW", "DIVIDES_BY_ZERO"})
    void theErrorOfAnotherOneIsSeenUnlessAFaultMayHaveBeenThereFirst(Mistake other) {
        try (Ppu ppu = device(); Context context = ppu.createContext(); Stream stream = context.createStream()) {
            PpuModule module = context.loadModule(MistakeKernels.CODE);
            stream.launch(module.kernel("store"), Launch.linear(1, 1), 64L, 1);
            PpuException failure = null;
            try {
                stream.synchronize();
            } catch (ContextLostException e) {
                failure = e;
            }
            Mistakes right = new Mistakes(Rules.ALL);
            assertThat(right.note("here", Mistake.STORES_TO_NULL, OptionalLong.of(64), module, context, failure)).isTrue();
            assertThatThrownBy(() -> right.judge("tester", Reach.NOBODY, List.of())).hasMessageContaining("not among the XIDs");
            Mistakes wrong = new Mistakes(Rules.ALL);
            assertThat(wrong.note("here", other, OptionalLong.of(68), module, context, failure)).isFalse();
            assertThatThrownBy(() -> wrong.judge("tester", Reach.NOBODY, ppu.xids())).isInstanceOf(Violation.class);
            assertThatCode(() -> wrong.judge("tester", Reach.CONTEXTS, ppu.xids())).doesNotThrowAnyException();
            assertThat(wrong.reports()).isEmpty();
        }
    }

    @Test
    void aRefusalIsOneInALostContextTooAndAnyOtherFailureIsALoss() {
        try (Ppu ppu = device()) {
            Workbench bench = bench(ppu, Kind.THINK);
            DeviceBuffer closed = bench.context().allocate(4);
            closed.close();
            Claim claim = new Claim(bench, STEP);
            Stream stream = bench.stream(STEP);
            claim.refused(HgResult.INVALID_HANDLE, "a fill", () -> stream.fill32(closed, 0, 1, 1));
            new WrongSteps(bench, STEP).make(Mistake.DIVIDES_BY_ZERO, new Mistakes(Rules.ALL));
            claim.refused(HgResult.INVALID_HANDLE, "a fill", () -> stream.fill32(closed, 0, 1, 1));
            assertThatThrownBy(() -> claim.refused(HgResult.INVALID_HANDLE, "a wait", stream::synchronize))
                    .isInstanceOf(ContextLostException.class);
            assertThatThrownBy(() -> claim.refused(HgResult.INVALID_HANDLE, "nothing", () -> {})).isInstanceOf(Violation.class);
            bench.close();
        }
    }
}
