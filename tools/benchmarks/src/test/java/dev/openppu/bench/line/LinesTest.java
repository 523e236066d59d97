package dev.openppu.bench.line;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.bench.contest.Entry;
import dev.openppu.bench.contest.LineResult;
import dev.openppu.bench.contest.Metric;
import dev.openppu.bench.contest.Patience;
import dev.openppu.bench.contest.Referee;
import dev.openppu.twin.TwinLibrary;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** That each line can be measured; what it measures is nothing that a test asks about. */
@Timeout(120)
class LinesTest {
    private static final List<String> PPU = List.of("true");

    static Stream<Named<Entry>> entries() {
        return Lines.all(PPU, true).stream().map(entry -> Named.of(entry.metrics().getFirst().name(), entry));
    }

    @ParameterizedTest
    @MethodSource("entries")
    void aRoundOfEachLineGivesAValueForEachSide(Entry entry) {
        List<LineResult> lines = new Referee(new Patience(1, 1, 1, 1), _ -> {}).play(entry);

        assertThat(lines).hasSameSizeAs(entry.metrics()).allSatisfy(line -> {
            assertThat(line.java()).isFinite().isNotNegative();
            if (TwinLibrary.absence().isEmpty()) {
                line.c().ifPresent(c -> assertThat(c).isFinite().isNotNegative());
            }
        });
        assertThat(lines.stream().filter(line -> line.metric().unit().equals("M/s")))
                .allSatisfy(line -> assertThat(line.java()).isPositive());
    }

    @Test
    void namesAreUnique() {
        assertThat(Lines.all(PPU, true).stream().flatMap(entry -> entry.metrics().stream()).map(Metric::name)).doesNotHaveDuplicates();
    }

    @Test
    void withoutACommandNothingIsStarted() {
        assertThat(Lines.all(List.of(), true).stream().flatMap(entry -> entry.metrics().stream()).map(Metric::name))
                .doesNotContain("list-cold");
    }
}
