package dev.openppu.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.lang.ArchRule;
import dev.openppu.driver.planted.ParksItself;
import dev.openppu.driver.planted.StartsAThread;
import dev.openppu.model.planted.LooksAtTheClock;
import dev.openppu.model.planted.RollsDice;
import dev.openppu.model.sim.planted.ClockOfTheSimulation;
import org.junit.jupiter.api.Test;

/** Invariant 5: a run is its seed. The model takes time and chance from its simulation alone, the driver clock and waiting from its link. */
class DeterminismTest {
    /** Asks whether memory is of any thread's, for which it needs a thread, which never runs. */
    private static final String ASKS_ABOUT_THREADS = "dev.openppu.model.link.ModelDmaSpace";

    private static final ArchRule MODEL_TAKES_TIME_AND_CHANCE_FROM_SIM = noClasses().that().resideInAPackage("dev.openppu.model..")
            .and().resideOutsideOfPackage("dev.openppu.model.sim..").and().doNotHaveFullyQualifiedName(ASKS_ABOUT_THREADS)
            .should().accessTargetWhere(TimeAndChance.source());
    /** Waits by its link's runtime first, and reads its own result when it is there. */
    private static final String FUTURE_THAT_WAITS_BY_THE_LINK = "dev.openppu.driver.client.LinkFuture";

    private static final ArchRule DRIVER_HAS_NO_THREAD_CLOCK_OR_PARK = noClasses().that().resideInAPackage("dev.openppu.driver..")
            .and().doNotHaveFullyQualifiedName(FUTURE_THAT_WAITS_BY_THE_LINK).should().accessTargetWhere(TimeAndChance.source());

    @Test
    void theModelTakesTimeAndChanceFromItsSimulation() {
        MODEL_TAKES_TIME_AND_CHANCE_FROM_SIM.check(House.asBuilt());
    }

    @Test
    void theDriverMakesNoThreadClockOrPark() {
        DRIVER_HAS_NO_THREAD_CLOCK_OR_PARK.check(House.asBuilt());
    }

    @Test
    void theRulesFindPlantedFaults() {
        assertThat(House.objections(MODEL_TAKES_TIME_AND_CHANCE_FROM_SIM, LooksAtTheClock.class)).hasSize(2);
        assertThat(House.objections(MODEL_TAKES_TIME_AND_CHANCE_FROM_SIM, RollsDice.class)).isNotEmpty();
        assertThat(House.objections(DRIVER_HAS_NO_THREAD_CLOCK_OR_PARK, StartsAThread.class)).isNotEmpty();
        assertThat(House.objections(DRIVER_HAS_NO_THREAD_CLOCK_OR_PARK, ParksItself.class)).hasSize(2);
    }

    @Test
    void theSimulationItselfMayLookAtTheClock() {
        assertThat(House.objections(MODEL_TAKES_TIME_AND_CHANCE_FROM_SIM, ClockOfTheSimulation.class)).isEmpty();
    }
}
