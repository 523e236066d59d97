package dev.openppu.harness.sim.work;

import dev.openppu.abi.error.HgResult;
import dev.openppu.driver.FirmwareSlots;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuInfo;
import dev.openppu.driver.owner.BringUp;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** New images for the firmware's flash, intact ones and damaged ones, while tenants are at work: the slot that boots stays as it is, whatever becomes of the other one. */
final class UpdateSteps {
    private static final byte[] SHIPPED = BringUp.shippedFirmware();

    private final Ppu ppu;
    private final Step step;
    private final Claim claim;
    private int written;

    UpdateSteps(Workbench bench, Step step) {
        this.ppu = bench.context().ppu();
        this.step = step;
        this.claim = new Claim(bench, step);
    }

    /** @param judged to be asked behind it: whether what was read is what there was */
    void perform(BooleanSupplier judged) {
        FirmwareSlots before = ppu.firmwareSlots();
        boolean intact = step.below(30, 2) == 0;
        byte[] image = SHIPPED.clone();
        if (!intact) {
            image[step.below(31, image.length)] ^= (byte) (1 << step.below(32, Byte.SIZE));
        }
        char slot = other(before.active());
        if (intact) {
            slot = ppu.updateFirmware(image, this::heard);
        } else {
            refused(image);
        }
        FirmwareSlots after = ppu.firmwareSlots();
        if (!judged.getAsBoolean()) {
            return;
        }
        Optional<PpuInfo.Version> there = version(after, other(before.active()));
        claim.holds(slot == other(before.active()) && version(after, before.active()).equals(version(before, before.active()))
                && after.trying() == intact && there.isPresent() == intact,
                "slot %s was written: %s, and before %s".formatted(slot, after, before),
                "slot %s as it was, and the other one %s".formatted(before.active(), intact ? "to be tried" : "without an image"));
        claim.holds(written == image.length, "%d bytes are said to be written".formatted(written), "all %d".formatted(image.length));
    }

    private void refused(byte[] image) {
        claim.refused(HgResult.INVALID_IMAGE, "an image of which one bit is wrong", () -> {
            char _ = ppu.updateFirmware(image, this::heard);
        });
    }

    private void heard(long bytes, long total) {
        claim.holds(bytes > written && bytes <= total && total == SHIPPED.length,
                "%d of %d bytes are written, behind %d".formatted(bytes, total, written),
                "more each time, of %d".formatted(SHIPPED.length));
        written = (int) bytes;
    }

    private static char other(char slot) {
        return slot == 'A' ? 'B' : 'A';
    }

    private static Optional<PpuInfo.Version> version(FirmwareSlots slots, char slot) {
        return slot == 'A' ? slots.versionA() : slots.versionB();
    }
}
