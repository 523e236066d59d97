package dev.openppu.harness.report;

import dev.openppu.harness.SuiteReport;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Writes a report's files into a directory; each appears whole or not at all. */
public final class ReportDirectory {
    /** The page for people. */
    public static final String HTML = "report.html";
    public static final String JUNIT = "junit.xml";
    public static final String JSON = "report.json";
    /** Opens in Perfetto. */
    public static final String TRACE = "trace.json";

    private final Path directory;

    /** @param directory made if missing */
    public ReportDirectory(Path directory) {
        this.directory = directory;
    }

    public Path page() {
        return directory.resolve(HTML);
    }

    /** @throws IOException naming the file that could not be written */
    public void write(SuiteReport report) throws IOException {
        Files.createDirectories(directory);
        whole(HTML, out -> HtmlReport.write(report, out));
        whole(JUNIT, out -> JUnitXml.write(report, out));
        whole(JSON, out -> JsonReport.write(report, out));
        whole(TRACE, out -> PerfettoTrace.write(report, out));
    }

    private void whole(String name, Content content) throws IOException {
        Path target = directory.resolve(name);
        Path part = directory.resolve(name + ".part");
        try {
            try (BufferedWriter out = Files.newBufferedWriter(part, StandardCharsets.UTF_8)) {
                content.write(out);
            }
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException | UncheckedIOException e) {
            throw new IOException("cannot write " + target + ": " + e.getMessage(), e);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private interface Content {
        void write(BufferedWriter out) throws IOException;
    }
}
