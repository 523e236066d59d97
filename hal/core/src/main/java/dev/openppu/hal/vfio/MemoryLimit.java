package dev.openppu.hal.vfio;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How much memory this process may lock: mapping memory for a device locks it. */
final class MemoryLimit {
    private static final String LINE = "Max locked memory";

    private MemoryLimit() {}

    /** The limit as the kernel writes it, {@code 8388608 bytes} or {@code unlimited}. */
    static String now() {
        try {
            return Files.readAllLines(Path.of("/proc/self/limits")).stream().filter(line -> line.startsWith(LINE))
                    .map(line -> line.substring(LINE.length()).strip().split(" +", 2)[0]).findFirst()
                    .map(limit -> limit.equals("unlimited") ? limit : limit + " bytes").orElse("unknown");
        } catch (IOException e) {
            return "unknown";
        }
    }
}
