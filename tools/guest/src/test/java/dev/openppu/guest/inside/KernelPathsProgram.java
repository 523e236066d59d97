package dev.openppu.guest.inside;

import java.util.List;

/** What a kernel's VFIO does beyond what the suite asks of it: {@code KernelPathsProgram EDU NVME PPU}, addresses. Prints what it saw, a line each. */
public final class KernelPathsProgram {
    private KernelPathsProgram() {}

    public static void main(String[] arguments) throws Exception {
        List<String> addresses = List.of(arguments);
        String edu = addresses.get(0);
        String nvme = addresses.get(1);
        String ppu = addresses.get(2);
        new DmaLimits(nvme, edu).run();
        new MemoryByMessages(ppu).run();
        new SlotResets(edu, ppu).run();
        new BusMastering(ppu).run();
        new ReportedError(ppu).run();
        new RequestedBack(ppu).run();
    }

    static void say(String format, Object... arguments) {
        System.out.println(format.formatted(arguments));
    }
}
