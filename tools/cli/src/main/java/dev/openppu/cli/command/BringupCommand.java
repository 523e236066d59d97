package dev.openppu.cli.command;

import dev.openppu.cli.ExitStatus;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuOptions;
import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.Links;
import dev.openppu.harness.SuiteReport;
import dev.openppu.harness.SuiteRunner;
import dev.openppu.harness.bringup.BringUpSuite;
import dev.openppu.harness.report.ReportDirectory;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ppu bringup}: from power-on to a kernel's result, then everything that can be tested on the way. */
@Command(name = "bringup", sortOptions = false, description = "Brings the device up from power-on, stage by stage, then runs the bring-up tests on it.", footerHeading = "%nExamples:%n", footer = {
    "  ppu bringup", "  ppu bringup --report out               a page, JUnit XML, JSON, a trace for Perfetto",
    "  ppu bringup --seed 7 --trace run7.txt  the same seed, the same trace, byte for byte", "  ppu bringup --json"})
public final class BringupCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Option(names = "--report", paramLabel = "DIR", description = "Write report.html, junit.xml, report.json and trace.json (for Perfetto) into DIR.")
    private @Nullable Path report;

    public BringupCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException {
        BringupOutput output = invocation.json() ? new BringupJson(invocation.out()) : new BringupText(invocation.terminal());
        SuiteReport result;
        try (DeviceLink link = Links.open(invocation.options().deviceUri())) {
            output.opened(link.identity());
            bringUp(link, output);
            result = SuiteRunner.run(BringUpSuite.suite(), link, output.suite());
        }
        if (report != null) {
            ReportDirectory directory = new ReportDirectory(report);
            directory.write(result);
            output.reported(directory.page());
        }
        return result.good() ? ExitStatus.OK : ExitStatus.FAILED;
    }

    private static void bringUp(DeviceLink link, BringupOutput output) {
        try (Ppu ppu = Ppu.open(link, PpuOptions.builder().listener(output.bringUp()).build())) {
            output.up(ppu.info());
        }
    }
}
