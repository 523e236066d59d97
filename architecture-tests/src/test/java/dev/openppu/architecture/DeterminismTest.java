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
    private static final ArchRule MODEL_TAKES_TIME_AND_CHANCE_FROM_SIM = noClasses().that().resideInAPackage("dev.openppu.model..")
            .and().resideOutsideOfPackage("dev.openppu.model.sim..")
            .should().accessTargetWhere(TimeAndChance.source());
    /** Waits by its link's runtime first, and reads its own result when it is there. */
    private static final String FUTURE_THAT_WAITS_BY_THE_LINK = "dev.openppu.driver.client.LinkFuture";

    private static final ArchRule DRIVER_HAS_NO_THREAD_CLOCK_OR_PARK = noClasses().that().resideInAPackage("dev.openppu.driver..")
            .and().doNotHaveFullyQualifiedName(FUTURE_THAT_WAITS_BY_THE_LINK).should().accessTargetWhere(TimeAndChance.source());

    /** The clock, waiting and threads of links in real time are for links: whoever is above one, or simulated, has its {@code LinkRuntime}. */
    private static final ArchRule ONLY_LINKS_MAKE_REAL_TIME = noClasses().that()
            .resideOutsideOfPackages("dev.openppu.hal..", "dev.openppu.model.sim..").should()
            .dependOnClassesThat().resideInAPackage("dev.openppu.hal.realtime..");

    @Test
    void onlyLinksMakeRealTime() {
        ONLY_LINKS_MAKE_REAL_TIME.check(House.asBuilt());
    }

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
