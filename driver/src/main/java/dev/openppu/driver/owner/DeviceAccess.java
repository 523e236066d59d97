package dev.openppu.driver.owner;

import dev.openppu.abi.PpuIds;
import dev.openppu.abi.error.HgResult;
import dev.openppu.abi.error.Xid;
import dev.openppu.abi.reg.PpuBar0Regs;
import dev.openppu.abi.reg.PpuBar4Regs;
import dev.openppu.driver.DeviceLostException;
import dev.openppu.driver.Failure;
import dev.openppu.driver.PpuException;
import dev.openppu.driver.PpuTimeoutException;
import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.LinkRuntime;
import dev.openppu.hal.mmio.Mmio;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A probed device whose BARs may be touched: its registers, the link below, and how to tell a lost device from a value. Thread-safe. */
public final class DeviceAccess {
    private static final int ALL_ONES = -1;
    private static final long FIRST_POLL_NANOS = 2_000;
    private static final long LONGEST_POLL_NANOS = 1_000_000;

    private final DeviceLink link;
    private final String name;
    private final PpuBar0Regs registers;
    private final PpuBar4Regs doorbells;
    private volatile @Nullable PpuException ended;

    /** @throws dev.openppu.hal.LinkException if memory decoding is off */
    public DeviceAccess(DeviceLink link) {
        this.link = link;
        this.name = link.identity().uri() + " at " + link.identity().address();
        this.registers = new PpuBar0Regs(link.bar(PpuIds.BAR_REGISTERS));
        this.doorbells = new PpuBar4Regs(link.bar(PpuIds.BAR_DOORBELLS));
    }

    public DeviceLink link() {
        return link;
    }

    public LinkRuntime runtime() {
        return link.runtime();
    }

    /** For messages. */
    public String name() {
        return name;
    }

    public PpuBar0Regs registers() {
        return registers;
    }

    public PpuBar4Regs doorbells() {
        return doorbells;
    }

    /** BAR2. */
    public Mmio memoryWindow() {
        return link.bar(PpuIds.BAR_MEMORY_WINDOW);
    }

    /** Whether the device answers: asks {@code id.magic}, which never reads all ones. */
    public boolean present() {
        return registers.id().readMagic() == PpuIds.MAGIC;
    }

    /**
     * The value of a register that is never all ones by itself: if it reads so, the device is lost, or did not answer this one read. A device that leaves reads unanswered is not to be
     * trusted either: what it was asked for, and what it was told before, may be lost.
     */
    public int checked(int raw) {
        if (raw == ALL_ONES) {
            throw unanswered();
        }
        return raw;
    }

    /** As {@link #checked(int)}, for a register of 64 bits. */
    public long checked(long raw) {
        if (raw == -1) {
            throw unanswered();
        }
        return raw;
    }

    private DeviceLostException unanswered() {
        requirePresent();
        return nonsense("device", "a register that is never all ones reads all ones, though the device answers");
    }

    /** The value of a register that counts, and comes by all ones now and then; only a lost device stays there. */
    public int counted(int raw) {
        if (raw == ALL_ONES) {
            requirePresent();
        }
        return raw;
    }

    public void requirePresent() {
        if (!present()) {
            throw new DeviceLostException(link.lost()
                    .map(why -> Failure.of(HgResult.DEVICE_UNAVAILABLE, name, "device", "the device is lost: " + why,
                            "close it, and open it again when it is back"))
                    .orElseGet(() -> Failure.of(HgResult.DEVICE_UNAVAILABLE, name, "device",
                            "the device does not answer: id.magic is not its own",
                            "reset it and open it again; if it stays away, power the host off and on"))
                    .with(Xid.KERNEL_DEVICE_LOST));
        }
    }

    /** Nothing is to be sent to the device through this object any more: it is lost, or another epoch has begun. The first reason counts. */
    synchronized void end(PpuException why) {
        if (ended == null) {
            ended = why;
        }
    }

    /** Whether {@link #end} was called: a volatile load. */
    boolean ended() {
        return ended != null;
    }

    /** Throws the reason if {@link #end} was called. */
    void requireCurrent() {
        PpuException why = ended;
        if (why != null) {
            throw why;
        }
    }

    /**
     * Looks again and again, more slowly each time, until {@code condition}, which may access the device, holds or the deadline has passed. Throws when the device was given
     * up meanwhile.
     */
    public boolean poll(BooleanSupplier condition, long deadlineNanos) {
        long pause = FIRST_POLL_NANOS;
        while (!condition.getAsBoolean()) {
            requireCurrent();
            if (runtime().nanos() >= deadlineNanos) {
                return condition.getAsBoolean();
            }
            runtime().sleep(pause);
            pause = Math.min(LONGEST_POLL_NANOS, pause + (pause >> 1));
        }
        return true;
    }

    public PpuException failure(HgResult result, String object, String what, String remedy) {
        return new PpuException(Failure.of(result, name, object, what, remedy));
    }

    public PpuTimeoutException timeout(String object, String what) {
        return new PpuTimeoutException(Failure.of(HgResult.TIMEOUT, name, object, what, "reset the device and open it again"));
    }

    /** The device broke the contract: it is not to be used any more. */
    public DeviceLostException nonsense(String object, String what) {
        return new DeviceLostException(
                Failure.of(HgResult.UNKNOWN, name, object, what, "the device is not to be trusted any more: reset it and open it again"));
    }
}
