package dev.openppu.cli.command;

import dev.openppu.cli.ExitStatus;
import dev.openppu.harness.Suite;
import dev.openppu.harness.SuiteReport;
import dev.openppu.harness.SuiteRunner;
import dev.openppu.harness.bringup.BringUpSuite;
import dev.openppu.harness.compare.Comparison;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;

/** {@code ppu conform}: the same tests on one device after the other, and what differs. */
@Command(name = "conform", sortOptions = false, description = "Runs the bring-up tests on each --device, one after the other, without a driver in between, and shows where they behave differently. "
        + "Status 0 only if all rules hold everywhere.", footerHeading = "%nExamples:%n", footer = {
            "  ppu conform --device model:zw810e --device native:libmydevice.so",
            "  ppu conform --device model:zw810e --device vfio-user:/run/ppu.sock --json"})
public final class ConformCommand implements Callable<Integer> {
    private final Invocation invocation;

    public ConformCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        List<String> devices = invocation.options().deviceUris();
        Suite suite = BringUpSuite.suite();
        ConformText progress = new ConformText(invocation.terminal(), suite);
        List<SuiteReport> reports = new ArrayList<>();
        for (String device : devices) {
            reports.add(SuiteRunner.run(suite, device, invocation.json() ? progress.toErrors(device) : progress.listener(device)));
        }
        Comparison comparison = new Comparison(suite, reports);
        if (invocation.json()) {
            ConformJson.print(comparison, invocation.out());
        } else {
            progress.print(comparison);
        }
        return comparison.good() ? ExitStatus.OK : ExitStatus.FAILED;
    }
}
