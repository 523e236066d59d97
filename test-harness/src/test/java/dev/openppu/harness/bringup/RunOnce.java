package dev.openppu.harness.bringup;

import dev.openppu.harness.CaseResult;
import dev.openppu.harness.Stage;
import dev.openppu.harness.SuiteListener;
import dev.openppu.harness.SuiteReport;
import dev.openppu.harness.SuiteRunner;
import dev.openppu.harness.Tally;
import dev.openppu.harness.report.ReportDirectory;
import java.io.IOException;
import java.nio.file.Path;

/** Runs the suite once in this JVM: arguments are the link's URI and, optionally, a directory for the report and the trace that the link writes. Exit status 1 if it is not good. */
public final class RunOnce {
    private RunOnce() {}

    public static void main(String[] args) throws IOException {
        SuiteReport report = SuiteRunner.run(BringUpSuite.suite(), args[0], new SuiteListener() {
            @Override
            public void caseEnded(CaseResult result) {
                if (result.failed()) {
                    System.out.println(result.subject().id() + ": " + result.outcome().remark());
                }
            }

            @Override
            public void stageEnded(Stage stage, Tally tally, long nanos) {
                System.out.println(stage.title() + ": " + tally + " in " + nanos / 1_000_000 + " ms of the link's time");
            }
        });
        if (args.length > 1) {
            new ReportDirectory(Path.of(args[1])).write(args.length > 2 ? report.withDeviceEvents(Path.of(args[2])) : report);
        }
        System.out.println(report.tally() + " in " + report.hostNanos() / 1_000_000 + " ms");
        System.exit(report.good() ? 0 : 1);
    }
}
