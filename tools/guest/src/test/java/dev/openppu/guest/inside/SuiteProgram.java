package dev.openppu.guest.inside;

import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.Links;
import dev.openppu.harness.CaseResult;
import dev.openppu.harness.SuiteListener;
import dev.openppu.harness.SuiteRunner;
import dev.openppu.harness.bringup.BringUpSuite;

/** Runs the bring-up suite: {@code SuiteProgram URI}. Prints a line for each case: how it ended, which it is, and why, with tabs between. */
public final class SuiteProgram {
    private SuiteProgram() {}

    public static void main(String[] arguments) {
        try (DeviceLink link = Links.open(arguments[0])) {
            for (CaseResult result : SuiteRunner.run(BringUpSuite.suite(), link, SuiteListener.SILENT).results()) {
                System.out.printf("%s\t%s\t%s%n", result.outcome().word(), result.subject().id(), result.outcome().remark());
            }
        }
    }
}
