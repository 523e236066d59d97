package dev.openppu.harness.bringup;

import dev.openppu.abi.reg.BootState;
import dev.openppu.driver.Context;
import dev.openppu.driver.Inventory;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuException;
import dev.openppu.driver.Stream;
import dev.openppu.hal.pci.PciRegister.Command;
import dev.openppu.hal.pci.PciRegister.Header;
import dev.openppu.harness.Case;
import dev.openppu.harness.Check;
import dev.openppu.harness.CheckFailedException;
import dev.openppu.harness.Rule;
import dev.openppu.harness.Stage;
import dev.openppu.harness.bench.Bench;
import java.util.List;

/** Stage 10: everything goes back, in order. */
final class ShutdownCases {
    private ShutdownCases() {}

    static Stage stage() {
        return new Stage("shutdown", "Orderly shutdown", List.of(
                Case.of("shutdown.inventory", "Nothing is left",
                        new Rule("Closing what was opened gives every context, queue, buffer and mapping back", "driver API"),
                        ShutdownCases::inventory),
                Case.of("shutdown.halted", "The firmware halts",
                        Rule.guide(4, "SHUTDOWN: all queues stopped, then reply, then state HALTED"), ShutdownCases::halted),
                Case.of("shutdown.closed", "A closed device says so",
                        new Rule("After close every call fails with a typed error", "driver API"),
                        ShutdownCases::closed),
                Case.of("shutdown.again", "Up again", new Rule("A device that was shut down comes up again", "driver API"),
                        ShutdownCases::again)));
    }

    private static void inventory(Bench bench) {
        Ppu ppu = bench.ppu();
        Inventory before = ppu.inventory();
        try (Context context = ppu.createContext(); Stream stream = context.createStream()) {
            context.allocate(100_000);
            context.allocatePinned(100_000);
            context.createEvent();
            stream.synchronize();
            Check.that(!ppu.inventory().equals(before), "an inventory that shows what is open", ppu.inventory().toString());
        }
        Check.equal("inventory after closing the context", before, ppu.inventory());
    }

    private static void halted(Bench bench) {
        bench.ppu().close();
        int command = bench.link().config().read16(Header.COMMAND);
        Check.hex("bus master enable after close", 0, command & Command.BUS_MASTER_ENABLE);
        Check.equal("boot.status.state", BootState.HALTED, bench.bare().boot().state());
    }

    private static void closed(Bench bench) {
        Ppu ppu = bench.ppu();
        bench.closePpu();
        try {
            ppu.createContext().close();
        } catch (PpuException e) {
            bench.note(String.valueOf(e.getMessage()));
            return;
        }
        throw new CheckFailedException("a PpuException", "a context of a closed device");
    }

    private static void again(Bench bench) {
        try (Context context = bench.ppu().createContext()) {
            Check.that(!context.lost(), "a context", "a lost one");
        }
        bench.closePpu();
    }
}
