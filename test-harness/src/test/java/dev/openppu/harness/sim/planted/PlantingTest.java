package dev.openppu.harness.sim.planted;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openppu.harness.sim.FaultProfile;
import dev.openppu.harness.sim.check.Invariant;
import dev.openppu.harness.sim.planted.PlantedBug.Place;
import dev.openppu.harness.sim.work.Workload;
import java.io.IOException;
import java.io.InputStream;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Bugs go where they are meant to go, or it is said that they do not. */
class PlantingTest {
    static List<String> names() {
        return PlantedBugs.all().stream().map(PlantedBug::name).toList();
    }

    @ParameterizedTest
    @MethodSource("names")
    void changesTheClassAndLeavesItWellFormed(String name) throws IOException {
        PlantedBug bug = PlantedBugs.find(name).orElseThrow();
        byte[] changed = new Planting(bug).changed();
        try (InputStream in = Planting.class.getClassLoader().getResourceAsStream(bug.place().className().replace('.', '/') + ".class")) {
            assertThat(in).isNotNull();
            assertThat(changed).isNotEqualTo(in.readAllBytes());
        }
    }

    @Test
    void thereAreEnoughOfThemOfBothSidesAndOneForEveryInvariant() {
        assertThat(names()).doesNotHaveDuplicates().hasSizeGreaterThanOrEqualTo(25);
        assertThat(PlantedBugs.all().stream().map(bug -> bug.place().module()).distinct())
                .containsExactlyInAnyOrder("dev.openppu.driver", "dev.openppu.model");
        Set<Invariant> alone = PlantedBugs.all().stream().filter(PlantedBug::alone).map(PlantedBug::caughtBy)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Invariant.class)));
        assertThat(alone).isEqualTo(EnumSet.allOf(Invariant.class));
    }

    @ParameterizedTest
    @CsvSource({"submit, nobody, 0 instructions", "gone, ring, 0 methods", "await, done, 2 methods"})
    void whatDoesNotMatchOnceIsAnError(String method, String call, String message) {
        PlantedBug bug = new PlantedBug("test", "nothing",
                new Place("dev.openppu.driver", "dev.openppu.driver.client.CommandQueue", method), CodeChange.dropCall(call),
                FaultProfile.find("none").orElseThrow(), Workload.find("mixed").orElseThrow(), Invariant.CONTENTS, false);
        assertThatThrownBy(() -> new Planting(bug).changed()).isInstanceOf(IllegalStateException.class).hasMessageContaining(message);
    }
}
