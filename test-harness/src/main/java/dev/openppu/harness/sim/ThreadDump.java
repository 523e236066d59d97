package dev.openppu.harness.sim;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** A dump of all threads of this process, virtual ones, too. */
final class ThreadDump {
    private static final Pattern WAITS = Pattern.compile("\\bpark|\\.wait|\\.sleep|yieldContinuation");
    private static final Pattern OURS = Pattern.compile("\\bdev\\.openppu\\.");

    private ThreadDump() {}

    /** The threads that are in code of ours and do not wait, as {@code NAME in FRAME}. */
    static List<String> atWork() {
        try {
            Path file = Files.createTempDirectory("ppu-threads-").resolve("all");
            try {
                return write(file).isPresent() ? atWork(Files.readAllLines(file)) : List.of();
            } finally {
                Files.deleteIfExists(file);
                Files.deleteIfExists(file.resolveSibling(""));
            }
        } catch (IOException e) {
            return List.of();
        }
    }

    /** @param dump a line that begins with {@code #} for each thread, with its name in quotes, and behind it its frames, the innermost first */
    static List<String> atWork(List<String> dump) {
        List<String> all = new ArrayList<>();
        String name = "";
        boolean innermost = false;
        boolean waits = true;
        for (String line : dump) {
            String frame = line.strip();
            if (line.startsWith("#")) {
                name = line.replaceAll("^[^\"]*\"|\".*$", "");
                innermost = true;
                waits = false;
            } else if (!frame.isEmpty() && !waits) {
                waits = innermost && WAITS.matcher(frame).find();
                innermost = false;
                if (!waits && OURS.matcher(frame).find()) {
                    all.add(name + " in " + frame);
                    waits = true; // one frame a thread
                }
            }
        }
        return all;
    }

    /** The file; empty if it cannot be written, or there is no such thing in this JVM. */
    static Optional<Path> write(Path file) {
        HotSpotDiagnosticMXBean diagnostics = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        if (diagnostics == null) {
            return Optional.empty();
        }
        try {
            Path whole = file.toAbsolutePath();
            Files.createDirectories(whole.resolveSibling(""));
            Files.deleteIfExists(whole);
            diagnostics.dumpThreads(whole.toString(), ThreadDumpFormat.TEXT_PLAIN);
            return Optional.of(file);
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
