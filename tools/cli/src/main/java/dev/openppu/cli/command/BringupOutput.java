package dev.openppu.cli.command;

import dev.openppu.driver.BringUpListener;
import dev.openppu.driver.PpuInfo;
import dev.openppu.hal.LinkIdentity;
import dev.openppu.harness.SuiteListener;

import java.nio.file.Path;

/** Tells how a bring-up goes on. */
interface BringupOutput {
    void opened(LinkIdentity link);

    /** Hears the driver. */
    BringUpListener bringUp();

    void up(PpuInfo info);

    /** Hears the tests. */
    SuiteListener suite();

    void reported(Path page);
}
