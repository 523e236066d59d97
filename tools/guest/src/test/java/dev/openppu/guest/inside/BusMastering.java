package dev.openppu.guest.inside;

import static dev.openppu.guest.inside.KernelPathsProgram.say;

import dev.openppu.driver.Ppu;
import java.io.IOException;

/** The function reaches memory while the driver has it, and at no other time. */
record BusMastering(String ppu) {
    void run() throws IOException {
        boolean before = Sysfs.busMaster(ppu);
        boolean meanwhile;
        try (Ppu device = Ppu.open("vfio:" + ppu + "?timescale=4")) {
            SlotResets.use(device);
            meanwhile = Sysfs.busMaster(ppu);
        }
        say("bus master before, while and after it is open: %b %b %b", before, meanwhile, Sysfs.busMaster(ppu));
    }
}
