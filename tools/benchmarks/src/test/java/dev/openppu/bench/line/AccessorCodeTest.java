package dev.openppu.bench.line;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.bench.host.Launch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A generated accessor on a mapped BAR, the device held in an object, is compiled to straight code with one load or store of device memory: everything between the accessor
 * and the JIT's own load or store is inlined. By the JIT's inlining log of a process of its own; docs/performance.md shows the machine code.
 */
@Timeout(120)
class AccessorCodeTest {
    private static final String PROGRAM = "dev.openppu.bench.line.RegisterLoop";
    private static final List<String> NOT_INLINED = List.of("failed to inline", "virtual call", "too big", "no static binding",
            "not inlineable",
            "callee not", "already compiled", "size >", "recursive");

    @TempDir
    private Path folder;

    @Test
    void aReadIsOneLoad() throws Exception {
        assertThat(inlined("read")).anyMatch(line -> line.contains("MappedMmio::read32") && line.contains("inline (hot)"))
                .anyMatch(line -> line.contains("Unsafe::getIntAcquire") && line.contains("(intrinsic)"))
                .noneMatch(AccessorCodeTest::isACall);
    }

    @Test
    void aWriteIsOneStore() throws Exception {
        assertThat(inlined("write")).anyMatch(line -> line.contains("MappedMmio::write32") && line.contains("inline (hot)"))
                .anyMatch(line -> line.contains("Unsafe::putIntRelease") && line.contains("(intrinsic)"))
                .noneMatch(AccessorCodeTest::isACall);
    }

    private static boolean isACall(String line) {
        return NOT_INLINED.stream().anyMatch(line::contains);
    }

    /** The log of the second compiler's work on one method of the program. */
    private List<String> inlined(String method) throws IOException, InterruptedException {
        Path log = folder.resolve(method);
        Process process = new ProcessBuilder(Launch.java(), "-cp", System.getProperty("java.class.path"), "-Xbatch",
                "-XX:-TieredCompilation",
                "-XX:+UnlockDiagnosticVMOptions", "-XX:CompileCommand=quiet", "-XX:CompileCommand=dontinline," + PROGRAM + "::" + method,
                "-XX:CompileCommand=PrintInlining," + PROGRAM + "::" + method, PROGRAM).redirectErrorStream(true)
                .redirectOutput(log.toFile()).start();
        assertThat(process.waitFor()).as("status of the program").isZero();
        List<String> lines = Files.readAllLines(log, StandardCharsets.UTF_8);
        assertThat(lines).as("the program ran to its end").anyMatch(line -> line.startsWith("sum "));
        return lines.stream().filter(line -> line.contains("::") && line.stripLeading().matches("[!s ]*@.*")).toList();
    }
}
