package dev.openppu.harness.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.harness.cover.RegisterFields;
import dev.openppu.harness.sim.work.Operation;
import dev.openppu.harness.sim.work.StepSet;
import dev.openppu.harness.sim.work.Workload;
import dev.openppu.model.fault.FaultPoint;
import dev.openppu.model.fault.Strike;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Lives are what their seed and their script say, and every invariant holds in them. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SAME_THREAD)
class LifeTest {
    private static final String DEVICE = "zw810e";
    private static final int LIVES = 8;
    private static final int MOST_LIVES = 100;

    private static LifeSpec spec(long seed, String faults, String workload) {
        return LifeSpec.of(DEVICE, seed, FaultProfile.find(faults).orElseThrow(), Workload.find(workload).orElseThrow());
    }

    static List<FaultProfile> profiles() {
        return FaultProfile.all();
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void everyProfileIsSurvived(FaultProfile profile) {
        Set<FaultPoint> struck = EnumSet.noneOf(FaultPoint.class);
        for (int seed = 1; seed <= LIVES; seed++) {
            LifeResult life = Life.of(spec(seed, profile.name(), "mixed"));
            assertThat(life.violation()).as(life.spec().command()).isEmpty();
            life.strikes().forEach(strike -> struck.add(strike.point()));
        }
        assertThat(profile.points()).as("what strikes belongs to the profile").containsAll(struck);
        assertThat(struck.isEmpty()).as("something strikes").isEqualTo(profile.points().isEmpty());
    }

    @ParameterizedTest
    @CsvSource({"copies", "kernels", "streams", "contexts", "large", "rectangles", "defaults", "peers", "wrong", "pools", "launches",
        "queries", "waits", "care", "threads", "crowd", "refused", "all"})
    void everyWorkloadIsDone(String workload) {
        LifeResult life = Life.of(spec(3, "none", workload));
        assertThat(life.violation()).isEmpty();
        assertThat(life.steps()).isEqualTo(Workload.find(workload).orElseThrow().steps());
        assertThat(life.losses()).isZero();
    }

    @Test
    void whatAnAdministratorResetsIsTheOnlyLossWhereNothingStrikes() {
        LifeResult life = Life.of(spec(3, "none", "resets"));
        assertThat(life.violation()).isEmpty();
        assertThat(life.losses()).isPositive();
        assertThat(life.steps() + life.losses()).isEqualTo(Workload.find("resets").orElseThrow().steps());
    }

    /** Each was a defect of the driver's, or of a fault or step, that nothing else had shown. */
    @ParameterizedTest
    @CsvSource({"399, all, mixed", "68, resets, copies", "981, removal, contexts", "977, engines, contexts", "6762, completions, kernels",
        "26461, all, copies", "44704, completions, kernels", "111275, all, contexts", "155, dma, copies", "162161, memory, streams",
        "1944, completions, launches", "976, memory, launches", "79683, host, waits", "56113, memory, large", "33955, host, all",
        "28096, all, waits", "15746, all, kernels", "359, firmware, resets", "530, all, contexts"})
    void livesThatOnceFailedPass(long seed, String faults, String workload) {
        assertThat(Life.of(spec(seed, faults, workload)).violation()).isEmpty();
    }

    /** A packet that failed lets go on what waits for it on other queues: as long as the firmware hangs nobody tells of the failure but its signal. */
    @Test
    void whatAFailureHasSpoiltIsNotTakenForRightWhileTheFirmwareHangs() {
        LifeSpec spec = spec(4, "none", "streams").withScript(
                Strike.parse("firmware-hang@22,dma-refused@50,dma-refused@102,dma-refused@155,dma-refused@276"));
        assertThat(Life.of(spec).violation()).isEmpty();
    }

    @Test
    void everyProfileMeetsEveryWorkloadAndTheCommandNamesBoth() {
        Set<String> met = new HashSet<>();
        for (int seed = 1; seed <= 2000; seed++) {
            LifeSpec spec = LifeSpec.of(DEVICE, seed, FaultProfile.EVERY, Workload.EVERY);
            met.add(spec.faults() + " " + spec.workload());
            assertThat(spec.command()).isEqualTo(spec(seed, spec.faults().name(), spec.workload().name()).command());
        }
        assertThat(met).hasSize(FaultProfile.all().size() * Workload.all().size());
    }

    @Test
    void theSameSeedIsTheSameLifeByteForByte(@TempDir Path folder) throws IOException {
        LifeSpec spec = spec(11, "all", "mixed");
        LifeResult first = Life.of(spec, "&trace=" + folder.resolve("first"));
        LifeResult second = Life.of(spec, "&trace=" + folder.resolve("second"));
        assertThat(second.strikes()).isEqualTo(first.strikes());
        assertThat(second.simulatedNanos()).isEqualTo(first.simulatedNanos());
        assertThat(Files.mismatch(folder.resolve("first"), folder.resolve("second"))).isEqualTo(-1);
        assertThat(Life.of(spec(12, "all", "mixed")).simulatedNanos()).isNotEqualTo(first.simulatedNanos());
    }

    @Test
    void aWitnessChangesNothingAndTellsWhatWasUnderWay(@TempDir Path folder) throws IOException {
        LifeSpec spec = spec(11, "all", "mixed");
        Life.of(spec, "&trace=" + folder.resolve("alone"), false);
        LifeResult seen = Life.of(spec, "&trace=" + folder.resolve("seen"), true);
        assertThat(Files.mismatch(folder.resolve("alone"), folder.resolve("seen"))).isEqualTo(-1);
        Account account = seen.account().orElseThrow();
        assertThat(account.scenes().stream().map(Scene::strike)).isNotEmpty().containsExactlyElementsOf(seen.strikes());
        assertThat(account.scenes()).allSatisfy(scene -> assertThat(scene.during()).isNotEmpty().isSubsetOf(Operation.all()));
        assertThat(account.coverage().packets()).containsKeys("copy", "kernel-dispatch");
        RegisterFields fields = RegisterFields.ofPpu();
        assertThat(account.coverage().read().stream().mapToObj(fields.names()::get)).contains("boot.status.state");
        assertThat(account.coverage().written().cardinality()).isBetween(10, fields.names().size() / 2);
        assertThat(Life.witnessed(spec).account()).contains(account);
    }

    /** As many kinds of steps as there are: none is taken for another. */
    @Test
    void whatStrikesBehindTheLastStepIsSaidToStrikeThere() {
        Set<String> during = new HashSet<>();
        for (int seed = 1; seed <= MOST_LIVES && !during.contains(Operation.END); seed++) {
            LifeResult life = Life.of(spec(seed, "dma", "copies"), "", true);
            life.account().orElseThrow().scenes().forEach(scene -> during.addAll(scene.during()));
        }
        assertThat(during).contains(Operation.END);
    }

    @Test
    void aScriptStrikesExactlyWhereItSays() {
        List<Strike> script = Strike.parse("completion-lost@20,dma-late@5:77");
        LifeResult life = Life.of(spec(4, "none", "mixed").withScript(script));
        assertThat(life.violation()).isEmpty();
        assertThat(life.strikes()).containsExactlyInAnyOrderElementsOf(script);
        assertThat(life.losses()).as("a completion that is lost costs a context").isPositive();
    }

    @Test
    void aContentThatIsWrongIsSeenUnlessTheDeviceLies() {
        LifeResult life = null;
        for (int seed = 1; life == null || life.strikes().isEmpty(); seed++) {
            life = Life.of(spec(seed, "none", "copies").withScript(Strike.parse("dma-flipped@300:7")));
        }
        assertThat(life.violation()).as("it is known to lie").isEmpty();
    }

    @Test
    void onlySomeStepsCanBeTaken() {
        LifeResult life = Life.of(spec(5, "none", "mixed").withOnly(StepSet.parse("0-9,30")));
        assertThat(life.violation()).isEmpty();
        assertThat(life.steps()).isEqualTo(11);
    }
}
