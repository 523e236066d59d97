package dev.openppu.guest.inside;

import static dev.openppu.guest.inside.KernelPathsProgram.say;

import java.io.IOException;
import java.nio.file.Files;

/** The function is removed while the driver has it: the kernel asks for it, gets it, and gives it again when it is back. */
record RequestedBack(String ppu) {
    void run() throws IOException, InterruptedException {
        Thread remover = Thread.ofPlatform().unstarted(() -> Sysfs.remove(ppu));
        say("request: %s", StuckStream.endedBy("vfio:" + ppu + "?timescale=4", remover::start));
        remover.join();
        say("removed: %b", Files.notExists(Sysfs.function(ppu)));
        say("absent: %s", DmaLimits.refusal(() -> StuckStream.requireOpenable("vfio:" + ppu)));
        Sysfs.rescan();
        say("unbound: %s", DmaLimits.refusal(() -> StuckStream.requireOpenable("vfio:" + ppu)));
        Sysfs.bind(ppu);
        new BusMastering(ppu).run();
    }
}
