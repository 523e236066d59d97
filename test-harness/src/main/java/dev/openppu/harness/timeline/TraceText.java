package dev.openppu.harness.timeline;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Reads the trace of a model link: one line an event, {@code nanoseconds actor kind detail}.
 */
public final class TraceText {
    private TraceText() {}

    /**
     * @param origin the link's time that counts as 0; earlier events are left out
     * @throws IOException if the file cannot be read or a line is not in the format
     */
    public static List<Timeline.Mark> read(Path file, long origin) throws IOException {
        List<Timeline.Mark> marks = new ArrayList<>();
        read(file, origin, marks::add);
        return marks;
    }

    /**
     * The same, one event at a time: a trace may be longer than what fits into memory.
     *
     * @throws IOException if the file cannot be read or a line is not in the format
     */
    public static void read(Path file, long origin, Consumer<Timeline.Mark> events) throws IOException {
        try (BufferedReader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                Timeline.Mark mark = parse(line, origin, file);
                if (mark.at() >= 0) {
                    events.accept(mark);
                }
            }
        }
    }

    private static Timeline.Mark parse(String line, long origin, Path file) throws IOException {
        String[] parts = line.split(" ", 4);
        if (parts.length < 3) {
            throw new IOException(file + ": not a trace line: " + line);
        }
        try {
            return new Timeline.Mark(parts[1], parts[2], Long.parseLong(parts[0]) - origin, parts.length == 4 ? parts[3] : "");
        } catch (NumberFormatException e) {
            throw new IOException(file + ": a trace line begins with a time in nanoseconds: " + line, e);
        }
    }
}
