package dev.openppu.harness.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.harness.sim.check.Invariant;
import dev.openppu.harness.sim.check.Violation;
import dev.openppu.harness.sim.work.StepSet;
import dev.openppu.harness.sim.work.Workload;
import dev.openppu.model.fault.Strike;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What is left of a failure is what it needs, and no more. */
class ShrinkerTest {
    private static final LifeSpec SPEC = LifeSpec.of("zw810e", 1, FaultProfile.find("all").orElseThrow(),
            Workload.find("mixed").orElseThrow());
    private static final List<Strike> NEEDED = Strike.parse("dma-torn@3:1,removal@9:5");
    private static final List<Strike> STRUCK = Strike
            .parse("dma-late@1:1,dma-torn@3:1,heat@4:2,heat@5:2,interrupt-lost@7:3,removal@9:5,dma-late@11:6");

    private static LifeResult result(LifeSpec spec, boolean fails) {
        Optional<Violation> violation = fails ? Optional.of(new Violation(Invariant.CONTENTS, "wrong")) : Optional.empty();
        return new LifeResult(spec, violation, spec.script().orElse(STRUCK), 0, 0, 1, 0);
    }

    private static boolean needsTwoFaultsAndTwoSteps(LifeSpec spec) {
        return spec.script().orElse(STRUCK).containsAll(NEEDED)
                && spec.only().map(only -> only.contains(3) && only.contains(140)).orElse(true);
    }

    @Test
    void faultsAndStepsThatDoNotMatterAreLeftOut() {
        Shrinker shrinker = new Shrinker(1_000, smaller -> {}, spec -> result(spec, needsTwoFaultsAndTwoSteps(spec)));
        LifeResult smallest = shrinker.shrink(result(SPEC, true));
        assertThat(smallest.spec().script().orElseThrow()).isEqualTo(NEEDED);
        assertThat(smallest.spec().only().orElseThrow()).isEqualTo(StepSet.parse("3,140"));
        assertThat(smallest.spec().command())
                .isEqualTo("ppu sim --seeds 1 --faults all --workload mixed --script 'dma-torn@3:1,removal@9:5' --only 3,140");
        assertThat(shrinker.lives()).isLessThan(200);
    }

    @Test
    void anotherFailureIsNotTakenForThisOne() {
        Function<LifeSpec, LifeResult> live = spec -> spec.script().orElse(STRUCK).size() == STRUCK.size()
                ? result(spec, true)
                : new LifeResult(spec, Optional.of(new Violation(Invariant.PROGRESS, "stuck")), STRUCK, 0, 0, 1, 0);
        assertThat(new Shrinker(1_000, smaller -> {}, live).shrink(result(SPEC, true)).spec().script().orElseThrow()).isEqualTo(STRUCK);
    }

    @Test
    void itEndsWhenItHasTakenLongEnough() {
        Shrinker shrinker = new Shrinker(5, smaller -> {}, spec -> result(spec, needsTwoFaultsAndTwoSteps(spec)));
        assertThat(shrinker.shrink(result(SPEC, true)).passed()).isFalse();
        assertThat(shrinker.lives()).isEqualTo(5);
    }

    @Test
    void aFailureThatIsNotRepeatedByItsScriptStaysAsItIs() {
        LifeResult failure = result(SPEC, true);
        assertThat(new Shrinker(100, smaller -> {}, spec -> result(spec, false)).shrink(failure)).isSameAs(failure);
    }
}
