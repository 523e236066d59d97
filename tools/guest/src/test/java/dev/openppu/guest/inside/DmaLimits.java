package dev.openppu.guest.inside;

import static dev.openppu.guest.inside.KernelPathsProgram.say;

import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.LinkException;
import dev.openppu.hal.Links;
import dev.openppu.hal.dma.DmaAccess;
import dev.openppu.hal.dma.DmaMapping;
import dev.openppu.hal.dma.DmaSpace;
import dev.openppu.hal.mmio.MappedMmio;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Regions with capabilities, ranges of IOVAs, and how much and how often may be mapped. */
record DmaLimits(String nvme, String edu) {
    private static final Path MOST_MAPPINGS = Path.of("/sys/module/vfio_iommu_type1/parameters/dma_entry_limit");
    private static final long INTERRUPTS = 0xfee0_0000L;

    void run() throws IOException, InterruptedException {
        try (DeviceLink link = Links.open("vfio:" + nvme); Arena arena = Arena.ofShared()) {
            link.config().write16(4, link.config().read16(4) | 2);
            say("BAR0 of nvme is mapped: %b", link.bar(0) instanceof MappedMmio);
            ranges(link.dma(), arena.allocate(8192, 4096));
        }
        mappings();
        lockedMemory();
    }

    private static void ranges(DmaSpace dma, MemorySegment memory) {
        say("IOVAs: %s", dma.ranges());
        say("hole: %s", refusal(() -> dma.map(memory, INTERRUPTS, DmaAccess.BOTH)));
        long last = dma.ranges().getLast().last();
        say("beyond: %s", refusal(() -> dma.map(memory, last - 4095, DmaAccess.BOTH)));
        try (DmaMapping mapping = dma.map(memory, 1 << 20, DmaAccess.BOTH)) {
            say("overlap: %s", refusal(() -> dma.map(memory, mapping.iova() + 4096, DmaAccess.BOTH)));
        }
        dma.map(memory, 1 << 20, DmaAccess.BOTH).close();
    }

    private void mappings() {
        Sysfs.write(MOST_MAPPINGS, "3");
        try (DeviceLink link = Links.open("vfio:" + edu)) {
            List<DmaMapping> given = new ArrayList<>();
            say("too many: %s", refusal(() -> {
                while (true) {
                    given.add(link.dma().allocate(4096, DmaAccess.BOTH));
                }
            }));
            say("mappings before that: %d", given.size());
            given.removeLast().close();
            link.dma().allocate(4096, DmaAccess.BOTH).close();
        } finally {
            Sysfs.write(MOST_MAPPINGS, "65535");
        }
    }

    /** As a user who may lock little; root may lock all. */
    private void lockedMemory() throws IOException, InterruptedException {
        String file = "/dev/vfio/" + Sysfs.group(edu);
        String java = "/java/bin/java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 --enable-native-access=dev.openppu.hal --module-path /app"
                + " --add-modules dev.openppu.hal --class-path /classes/0 " + LockedMemoryProgram.class.getName() + " vfio:" + edu;
        Process process = new ProcessBuilder("/bin/busybox", "sh", "-c",
                "chown ppu %s && ulimit -l 64 && su ppu -c '%s'; status=$?; chown root %1$s; exit $status".formatted(file, java))
                .redirectErrorStream(true).redirectOutput(Path.of("locked.txt").toFile()).start();
        say("as a user: status %d, %s", process.waitFor(), Files.readString(Path.of("locked.txt")).strip());
    }

    static String refusal(Runnable action) {
        try {
            action.run();
            return "nothing is refused";
        } catch (LinkException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
