package dev.openppu.harness.bench;

import dev.openppu.abi.PpuIds;
import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.LinkRuntime;
import dev.openppu.hal.ResetKind;
import dev.openppu.hal.pci.ConfigSpace;
import dev.openppu.hal.pci.PciRegister.Command;
import dev.openppu.hal.pci.PciRegister.Header;
import dev.openppu.harness.CheckFailedException;
import dev.openppu.harness.SkippedException;
import java.util.Comparator;
import java.util.function.BooleanSupplier;

/** The PCI function under test, without a driver: reset it, wait for it, switch it on. */
public final class Function {
    /** PCIe 6.0, 6.6.2: how long a function may take after a function-level reset with readiness notifications unused; the guide's limit too. */
    private static final long READY_NANOS = 1_000_000_000L;
    /** PCIe 6.0, 6.6.2: software waits this long before its first access. */
    private static final long SETTLE_NANOS = 100_000_000L;
    private static final long POLL_NANOS = 500_000;
    private static final int ABSENT = -1;

    private final DeviceLink link;
    private final Runnable beforeReset;
    private final int[] bars = new int[Header.BARS];
    private final int ids;

    /** Remembers the function's ids and the BARs that enumeration gave to it. A function that does not answer yet is taken for a PPU. */
    Function(DeviceLink link, Runnable beforeReset) {
        this.link = link;
        this.beforeReset = beforeReset;
        int seen = link.config().read32(Header.VENDOR_ID);
        this.ids = seen == ABSENT ? PpuIds.DEVICE << 16 | PpuIds.VENDOR : seen;
        for (int i = 0; i < bars.length; i++) {
            bars[i] = link.config().read32(Header.bar(i));
        }
    }

    public boolean canReset(ResetKind kind) {
        return link.resets().contains(kind);
    }

    /** @throws SkippedException if the link has no such reset */
    public void requireReset(ResetKind kind) {
        if (!canReset(kind)) {
            throw new SkippedException("the link has no " + kind + " reset");
        }
    }

    /** Resets, waits as PCIe asks, puts the BARs back and switches memory decoding and bus mastering on. */
    public void reset(ResetKind kind) {
        resetOnly(kind);
        restore();
    }

    /** Resets and waits as PCIe asks; config space is as the reset left it, and somebody has to {@link #restore} it. */
    public void resetOnly(ResetKind kind) {
        beforeReset.run();
        link.reset(kind);
        settle();
    }

    /** Waits as PCIe asks after a reset, until config space answers. BARs and command register are as the reset has left them. */
    public void settle() {
        link.runtime().sleep(link.runtime().scaled(SETTLE_NANOS));
        awaitReady();
    }

    /** The mildest reset that the link has. */
    public void resetMildly() {
        reset(link.resets().stream().sorted().findFirst().orElseThrow(() -> new SkippedException("the link has no reset")));
    }

    /** The strongest reset that the link has. */
    public ResetKind resetThoroughly() {
        ResetKind kind = link.resets().stream().max(Comparator.naturalOrder())
                .orElseThrow(() -> new SkippedException("the link has no reset"));
        reset(kind);
        return kind;
    }

    /** Makes a function usable that a reset has left without its configuration; leaves one alone that has it. */
    public void revive() {
        awaitReady();
        if ((link.config().read16(Header.COMMAND) & Command.MEMORY_SPACE_ENABLE) == 0) {
            restore();
        }
    }

    /** BARs as enumeration gave them, memory decoding and bus mastering on. */
    public void restore() {
        for (int i = 0; i < bars.length; i++) {
            link.config().write32(Header.bar(i), bars[i]);
        }
        enable();
    }

    /** Waits until config space answers. */
    public void awaitReady() {
        if (!poll(() -> link.config().read32(Header.VENDOR_ID) == ids, READY_NANOS)) {
            throw new CheckFailedException("config space answers within 1 s of a reset",
                    "0x%08x".formatted(link.config().read32(Header.VENDOR_ID)));
        }
    }

    /** Whether config space reads as all ones for longer than a reset may last. */
    public boolean gone() {
        return !poll(() -> link.config().read32(Header.VENDOR_ID) != ABSENT, READY_NANOS);
    }

    /** Memory decoding alone, on or off. */
    public void decoding(boolean on) {
        command(Command.MEMORY_SPACE_ENABLE, on);
    }

    /** Bus mastering alone, on or off. */
    public void busMastering(boolean on) {
        command(Command.BUS_MASTER_ENABLE, on);
    }

    private void command(int bit, boolean on) {
        ConfigSpace config = link.config();
        int command = config.read16(Header.COMMAND);
        config.write16(Header.COMMAND, on ? command | bit : command & ~bit);
    }

    /** Memory decoding and bus mastering on. */
    public void enable() {
        ConfigSpace config = link.config();
        config.write16(Header.COMMAND, config.read16(Header.COMMAND) | Command.MEMORY_SPACE_ENABLE | Command.BUS_MASTER_ENABLE);
    }

    /** Looks at something of the device until it holds; {@code false} after the (scaled) time-out. */
    public boolean poll(BooleanSupplier condition, long timeoutNanos) {
        LinkRuntime runtime = link.runtime();
        long deadline = runtime.deadline(timeoutNanos);
        while (!condition.getAsBoolean()) {
            if (runtime.nanos() >= deadline) {
                return false;
            }
            runtime.sleep(POLL_NANOS);
        }
        return true;
    }
}
