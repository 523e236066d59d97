package dev.openppu.driver.owner;

import dev.openppu.abi.error.HgResult;
import dev.openppu.driver.DeviceLostException;
import dev.openppu.driver.Failure;
import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.LinkRuntime;
import dev.openppu.hal.ResetKind;
import dev.openppu.hal.pci.Capabilities;
import dev.openppu.hal.pci.Capability;
import dev.openppu.hal.pci.ConfigSpace;
import dev.openppu.hal.pci.PciRegister.Command;
import dev.openppu.hal.pci.PciRegister.Express;
import dev.openppu.hal.pci.PciRegister.Header;
import dev.openppu.hal.pci.PciRegister.ResizableBar;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** The function on the bus: command register, and resets with the waits and restored configuration that PCIe asks for. Not thread-safe. */
public final class PciFunction {
    private static final System.Logger LOG = System.getLogger(PciFunction.class.getName());
    private static final int ABSENT = 0xffff;
    /** After a reset: no request before (PCI Express Base Specification 6.0, 6.6.1 and 6.6.2). */
    private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    /** After a reset: a function must answer within a second (6.6.1), unless it asks for more time by CRS, which looks the same from here: so it gets more. */
    private static final long READY_NANOS = TimeUnit.MILLISECONDS.toNanos(2_500);
    /** Longest for requests under way to end before a function-level reset (6.6.2). */
    private static final long PENDING_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long FIRST_POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LONGEST_POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final DeviceLink link;
    private final ConfigSpace config;
    private final LinkRuntime runtime;
    /** As enumeration left them: a reset forgets them. */
    private final int[] bars = new int[Header.BARS];
    private final int[] sizes;

    /** Takes note of BAR addresses and sizes. */
    public PciFunction(DeviceLink link) {
        this.link = link;
        this.config = link.config();
        this.runtime = link.runtime();
        for (int i = 0; i < bars.length; i++) {
            bars[i] = config.read32(Header.bar(i));
        }
        int resizable = resizable();
        int count = resizable == 0
                ? 0
                : (config.read32(resizable + ResizableBar.CONTROL) & ResizableBar.COUNT_MASK) >>> ResizableBar.COUNT_SHIFT;
        sizes = new int[count];
        for (int i = 0; i < count; i++) {
            sizes[i] = config.read32(resizable + i * ResizableBar.STRIDE + ResizableBar.CONTROL);
        }
    }

    private int resizable() {
        return Capabilities.findExtended(config, ResizableBar.ID).map(Capability::offset).orElse(0);
    }

    /** Whether the function may do DMA now. */
    public boolean busMaster() {
        return (command() & Command.BUS_MASTER_ENABLE) != 0;
    }

    /** BARs answer, DMA is allowed, pin interrupts are off. */
    public void enable() {
        config.write16(Header.COMMAND, command() | Command.MEMORY_SPACE_ENABLE | Command.BUS_MASTER_ENABLE | Command.INTERRUPT_DISABLE);
    }

    /** BARs answer. */
    public void enableMemory() {
        config.write16(Header.COMMAND, command() | Command.MEMORY_SPACE_ENABLE);
    }

    /** No DMA any more. */
    public void disableBusMaster() {
        config.write16(Header.COMMAND, command() & ~Command.BUS_MASTER_ENABLE);
    }

    /**
     * Resets the function and waits until it answers; BAR addresses are as before, everything else is as after a reset.
     *
     * @return nanoseconds until it answered
     * @throws DeviceLostException if it does not come back
     */
    public long reset(ResetKind kind) {
        disableBusMaster();
        poll(() -> !transactionsPending(), PENDING_NANOS);
        long begin = runtime.nanos();
        link.reset(kind);
        runtime.sleep(runtime.scaled(QUIET_NANOS));
        if (!restore()) {
            throw new DeviceLostException(
                    Failure.of(HgResult.DEVICE_UNAVAILABLE, link.identity().uri() + " at " + link.identity().address(), "function",
                            "it does not answer %.1f s after a reset (%s)".formatted((runtime.nanos() - begin) / 1e9, kind),
                            "power the host off and on"));
        }
        return runtime.nanos() - begin;
    }

    /**
     * Waits until the function answers, and gives it its BAR sizes and addresses back, in this order: a BAR takes no address that its size does not allow. {@code false} if it does not answer, or
     * does not keep them.
     */
    public boolean restore() {
        if (!poll(() -> config.read16(Header.VENDOR_ID) != ABSENT, READY_NANOS)) {
            return false;
        }
        int resizable = sizes.length == 0 ? 0 : resizable();
        for (int i = 0; i < sizes.length && resizable != 0; i++) {
            config.write32(resizable + i * ResizableBar.STRIDE + ResizableBar.CONTROL, sizes[i]);
        }
        for (int i = 0; i < bars.length; i++) {
            config.write32(Header.bar(i), bars[i]);
        }
        return restored();
    }

    /** {@link #restore}, if the function has been reset by somebody else and has forgotten its BARs. */
    public void restoreIfForgotten() {
        if (!restored() && !restore()) {
            LOG.log(System.Logger.Level.DEBUG, () -> link.identity().uri() + ": the function does not answer, its BARs are not restored");
        }
    }

    private boolean restored() {
        for (int i = 0; i < bars.length; i++) {
            if (config.read32(Header.bar(i)) != bars[i]) {
                return false;
            }
        }
        return true;
    }

    private boolean transactionsPending() {
        Optional<Capability> express = Capabilities.find(config, Express.ID);
        return express.isPresent() && (config.read16(express.get().offset() + Express.DEVICE_STATUS) & Express.TRANSACTIONS_PENDING) != 0;
    }

    private boolean poll(BooleanSupplier condition, long timeout) {
        long deadline = runtime.deadline(timeout);
        long pause = FIRST_POLL_NANOS;
        while (!condition.getAsBoolean()) {
            long left = deadline - runtime.nanos();
            if (left <= 0) {
                return false;
            }
            runtime.sleep(Math.min(pause, left));
            pause = Math.min(LONGEST_POLL_NANOS, 2 * pause);
        }
        return true;
    }

    private int command() {
        return config.read16(Header.COMMAND);
    }
}
