package dev.openppu.driver.owner.dump;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DumpLinesTest {
    /** Three bytes a character. */
    private static final String WIDE = "\u4e2d".repeat(10_000);

    @Test
    void theLimitIsInBytesOfTheFile() {
        DumpLines lines = new DumpLines(Optional::empty);
        for (int i = 0; i < 400; i++) {
            lines.add("log", Map.of("text", WIDE));
        }
        List<String> all = lines.finish();
        long bytes = all.subList(0, all.size() - 1).stream().mapToLong(line -> line.getBytes(StandardCharsets.UTF_8).length + 1).sum();
        assertThat(bytes).isBetween(DumpLines.MOST_BYTES - 31_000L, (long) DumpLines.MOST_BYTES);
        assertThat(all.getLast()).contains("\"lines\":" + all.size()).contains("\"left\":" + (401 - all.size()));
    }

    @Test
    void aLineThatDoesNotFitLeavesRoomForThoseThatDo() {
        DumpLines lines = new DumpLines(Optional::empty);
        lines.add("log", Map.of("text", "x".repeat(DumpLines.MOST_BYTES)));
        lines.add("log", Map.of("text", "fits"));
        assertThat(lines.finish()).hasSize(2).first().asString().contains("fits");
    }

    @Test
    void whereItWasCutShortIsSaidOnceAndWhatTheDriverKnowsStillComes() {
        AtomicInteger asked = new AtomicInteger();
        DumpLines lines = new DumpLines(() -> asked.incrementAndGet() > 4 ? Optional.of("enough") : Optional.empty());
        lines.ask("outer", l -> {
            for (int i = 0; i < 9; i++) {
                int number = i;
                l.ask("inner " + i, inner -> {
                    inner.goOn();
                    inner.add("asked", Map.of("number", number));
                });
            }
            l.goOn();
            l.add("asked", Map.of("number", "after"));
        });
        lines.ask("later", l -> l.add("asked", Map.of("number", "later")));
        lines.part("driver", l -> l.add("known", Map.of()));
        assertThat(lines.finish()).containsExactly("{\"section\":\"asked\",\"number\":0}",
                "{\"section\":\"problem\",\"message\":\"cut short, and nothing of the device after it: enough\",\"part\":\"inner 1\"}",
                "{\"section\":\"known\"}", "{\"section\":\"end\",\"lines\":4,\"left\":0}");
    }
}
