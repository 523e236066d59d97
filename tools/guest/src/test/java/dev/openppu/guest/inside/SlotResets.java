package dev.openppu.guest.inside;

import static dev.openppu.guest.inside.KernelPathsProgram.say;

import dev.openppu.driver.Context;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.ResetLevel;
import dev.openppu.driver.ResetReport;
import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.Links;
import dev.openppu.hal.ResetKind;

/** Resets of the bus above a function: where it has one of its own, the driver goes on after it. */
record SlotResets(String edu, String ppu) {
    void run() {
        try (DeviceLink link = Links.open("vfio:" + edu)) {
            say("resets of edu: %s", link.resets());
            say("no such reset: %s", DmaLimits.refusal(() -> link.reset(ResetKind.SECONDARY_BUS)));
        }
        try (DeviceLink link = Links.open("vfio:" + ppu)) {
            say("resets of ppu: %s", link.resets());
        }
        try (Ppu device = Ppu.open("vfio:" + ppu + "?timescale=4")) {
            use(device);
            for (ResetLevel level : new ResetLevel[]{ResetLevel.FUNCTION, ResetLevel.BUS}) {
                ResetReport report = device.reset(level);
                use(device);
                say("reset %s: %s", level, report.attempts());
            }
        }
    }

    /** A little. */
    static void use(Ppu device) {
        try (Context context = device.createContext(); DeviceBuffer buffer = context.allocate(4096)) {
            context.fill8(buffer, 0, (byte) 7, 4096);
            context.synchronize();
        }
    }
}
