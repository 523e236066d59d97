package dev.openppu.guest.inside;

import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.Links;
import dev.openppu.hal.dma.DmaAccess;

/** Maps as much as it may lock, and more: {@code LockedMemoryProgram URI}. */
public final class LockedMemoryProgram {
    private LockedMemoryProgram() {}

    public static void main(String[] arguments) {
        try (DeviceLink link = Links.open(arguments[0])) {
            link.dma().allocate(32 << 10, DmaAccess.BOTH).close();
            KernelPathsProgram.say("32 KiB are mapped; %s", DmaLimits.refusal(() -> link.dma().allocate(1 << 20, DmaAccess.BOTH)));
        }
    }
}
