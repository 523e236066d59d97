package dev.openppu.cli.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.cli.command.Shell;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Campaigns from the command line. */
class SimCommandTest {
    @Test
    void livesEverySeedOnceAndTellsPrograms() {
        Shell shell = Shell.run("sim", "--seeds", "5..8", "--faults", "benign", "--json");
        assertThat(shell.err()).isEmpty();
        assertThat(shell.status()).isZero();
        List<JsonNode> lines = shell.out().lines().map(Shell::json).toList();
        assertThat(lines.stream().filter(line -> line.get("type").asString().equals("life")).map(line -> line.get("seed").asInt()))
                .containsExactlyInAnyOrder(5, 6, 7, 8);
        assertThat(lines.getLast().get("type").asString()).isEqualTo("summary");
        assertThat(lines.getLast().get("lives").asInt()).isEqualTo(4);
        assertThat(lines.getLast().get("good").asBoolean()).isTrue();
    }

    @Test
    void livesAShare() {
        Shell shell = Shell.run("sim", "--seeds", "1..5", "--shard", "2/2", "--faults", "none", "--json");
        assertThat(shell.out().lines().map(Shell::json).filter(line -> line.has("seed")).map(line -> line.get("seed").asInt()))
                .containsExactlyInAnyOrder(2, 4);
    }

    @Test
    void tellsPeopleWhatHasStruck() {
        Shell shell = Shell.run("sim", "--seeds", "4", "--faults", "none", "--script", "completion-lost@20", "--threads", "1");
        assertThat(shell.status()).isZero();
        assertThat(shell.out()).contains("completion-lost").contains("1 lives, 0 failed");
    }

    @Test
    void showsWhatThereIs() {
        assertThat(Shell.run("sim", "--list").out()).contains("benign").contains("dma-torn").contains("streams", "rectangles");
    }

    @ParameterizedTest
    @CsvSource({"--seed,7,--seeds", "--device,model:zw810e,--profile"})
    void whatOtherCommandsTakeIsNotPassedOver(String option, String value, String instead) {
        Shell shell = Shell.run("sim", option, value);
        assertThat(shell.status()).isEqualTo(2);
        assertThat(shell.err()).contains("takes no " + option).contains("give " + instead).hasLineCount(1);
    }

    @ParameterizedTest
    @CsvSource({"--seeds,x", "--seeds,9..1", "--faults,nothing", "--workload,idleness", "--profile,tpu", "--script,removal", "--only,a-b",
        "--shard,3/2", "--threads,0",
        "--failures,0"})
    void whatMeansNothingIsRefusedWithOneMessage(String option, String value) {
        Shell shell = Shell.run("sim", option, value);
        assertThat(shell.status()).isEqualTo(2);
        assertThat(shell.out()).isEmpty();
        assertThat(shell.err()).contains(value.startsWith("3/") ? "3/2" : value).hasLineCount(1);
    }

    @ParameterizedTest
    @CsvSource({"--self-test --seeds 1..3,--self-test decides,--seeds", "--seeds 1 --explain --shrink,--explain draws,--shrink",
        "--seeds 1 --explain --resume,--explain draws,--resume", "--seeds 1 --events 5,without --explain,--events",
        "--seeds 1 --bug x,without --self-test,--bug", "--seeds 1 --only 99999,has the steps 0 to,--only 99999"})
    void whatWouldBePassedOverIsRefused(String words, String why, String option) {
        Shell shell = Shell.run(("sim " + words).split(" "));
        assertThat(shell.status()).isEqualTo(2);
        assertThat(shell.out()).isEmpty();
        assertThat(shell.err()).contains(why, option).hasLineCount(1);
    }
}
