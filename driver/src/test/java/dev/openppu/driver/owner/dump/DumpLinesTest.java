package dev.openppu.driver.owner.dump;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DumpLinesTest {
    /** Three bytes a character. */
    private static final String WIDE = "\u4e2d".repeat(10_000);

    @Test
    void theLimitIsInBytesOfTheFile() {
        DumpLines lines = new DumpLines();
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
        DumpLines lines = new DumpLines();
        lines.add("log", Map.of("text", "x".repeat(DumpLines.MOST_BYTES)));
        lines.add("log", Map.of("text", "fits"));
        assertThat(lines.finish()).hasSize(2).first().asString().contains("fits");
    }
}
