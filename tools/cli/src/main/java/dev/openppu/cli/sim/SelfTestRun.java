package dev.openppu.cli.sim;

import dev.openppu.cli.BadInputException;
import dev.openppu.cli.ExitStatus;
import dev.openppu.cli.command.Invocation;
import dev.openppu.cli.console.Table;
import dev.openppu.harness.sim.planted.PlantedBug;
import dev.openppu.harness.sim.planted.PlantedBugs;

import java.io.IOException;
import java.util.List;

import org.jspecify.annotations.Nullable;

/** {@code ppu sim --self-test}. */
final class SelfTestRun {
    private final Invocation invocation;
    private final List<PlantedBug> bugs;

    /** @param name of the only bug; null for all */
    SelfTestRun(Invocation invocation, @Nullable String name) {
        this.invocation = invocation;
        this.bugs = name == null
                ? PlantedBugs.all()
                : List.of(
                        PlantedBugs.find(name).orElseThrow(() -> new BadInputException("there is no bug '%s'; there are: %s".formatted(name,
                                String.join(", ", PlantedBugs.all().stream().map(PlantedBug::name).toList())))));
    }

    /** @param list only says which there are */
    int call(boolean list) throws IOException {
        if (list) {
            printList();
            return ExitStatus.OK;
        }
        SelfTestListener listener = invocation.json() ? new SelfTestJson(invocation.out()) : new SelfTestText(invocation.terminal());
        return new SelfTest(bugs, listener).run() ? ExitStatus.OK : ExitStatus.FAILED;
    }

    private void printList() {
        Table table = new Table("BUG", "WHAT IT STANDS FOR", "WHERE", "CHANGE", "FAULTS", "WORKLOAD", "INVARIANT");
        for (PlantedBug bug : bugs) {
            table.row(bug.name(), bug.standsFor(), bug.place().toString().replace("dev.openppu.", ""), bug.change().text(),
                    bug.faults().name(),
                    bug.workload().name(), bug.caughtBy().id());
        }
        table.print(invocation.out(), "");
    }
}
