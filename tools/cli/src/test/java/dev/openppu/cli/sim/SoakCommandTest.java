package dev.openppu.cli.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.cli.command.Shell;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Soaks from the command line. */
class SoakCommandTest {
    @Test
    void tellsProgramsWhatGrew() {
        Shell shell = Shell.run("soak", "--seconds", "1", "--faults", "none", "--workload", "copies", "--work-seed", "3", "--json");
        assertThat(shell.status()).as(shell.out()).isZero();
        JsonNode summary = Shell.json(shell.out().lines().toList().getLast());
        assertThat(summary.get("good").asBoolean()).isTrue();
        assertThat(summary.get("rounds").asInt()).isPositive();
        assertThat(summary.get("workSeed").asLong()).isEqualTo(3);
        assertThat(summary.get("counters")).isNotEmpty().allSatisfy(counter -> assertThat(counter.get("grown").asBoolean()).isFalse());
    }

    @Test
    void tellsPeopleWhatGrew() {
        Shell shell = Shell.run("soak", "--seconds", "1", "--faults", "none", "--workload", "copies");
        assertThat(shell.status()).as(shell.out()).isZero();
        assertThat(shell.out()).contains("OF THE PROCESS").contains("heap after collection").contains("rounds");
    }

    @ParameterizedTest
    @CsvSource({"--seconds,0", "--minutes,0", "--faults,nothing", "--workload,idleness", "--profile,tpu", "--seed,7"})
    void whatMeansNothingIsRefusedWithOneMessage(String option, String value) {
        Shell shell = Shell.run("soak", option, value);
        assertThat(shell.status()).isEqualTo(2);
        assertThat(shell.err()).hasLineCount(1);
    }

    @Test
    void twoLengthsAreRefused() {
        Shell shell = Shell.run("soak", "--seconds", "5", "--minutes", "3");
        assertThat(shell.status()).isEqualTo(2);
        assertThat(shell.err()).contains("--seconds takes no --minutes").hasLineCount(1);
    }
}
