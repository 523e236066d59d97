package dev.openppu.harness.sim;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A dump of all threads of this process, virtual ones, too. */
final class ThreadDump {
    private ThreadDump() {}

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
