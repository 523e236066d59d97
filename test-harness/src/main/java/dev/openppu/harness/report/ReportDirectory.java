package dev.openppu.harness.report;

import dev.openppu.harness.SuiteReport;
import java.io.IOException;
import java.nio.file.Path;

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
        WholeFiles files = new WholeFiles(directory);
        files.write(HTML, out -> HtmlReport.write(report, out));
        files.write(JUNIT, out -> JUnitXml.write(report, out));
        files.write(JSON, out -> JsonReport.write(report, out));
        files.write(TRACE, out -> PerfettoTrace.write(report, out));
    }
}
