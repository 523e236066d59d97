package dev.openppu.driver.owner;

import dev.openppu.abi.reg.BootError;
import dev.openppu.abi.reg.BootRegs;
import dev.openppu.abi.reg.BootState;
import dev.openppu.abi.reg.FwRegs;
import dev.openppu.abi.reg.ImageSource;
import dev.openppu.hal.dma.DmaAccess;
import dev.openppu.hal.dma.DmaMapping;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Boots firmware images: any bytes, by either source. The outcome says what the boot ROM made of them; only a device that is lost or breaks the contract throws. Not
 * thread-safe.
 */
public final class FirmwareBoot {
    private static final String OBJECT = "boot ROM";
    private static final long IMAGE_ADDRESS = 0;
    private static final int ECC_WORD = Long.BYTES;

    private final DeviceAccess device;
    private final BootRegs registers;
    private final DeviceMemoryPort port;
    private final PinnedMemory pinned;
    private final long timeoutNanos;
    private final Consumer<BootState> progress;

    /**
     * @param timeoutNanos longest for one state; the link stretches it
     * @param progress hears every state as it is seen; fast ones may be missed
     */
    public FirmwareBoot(DeviceAccess device, DeviceMemoryPort port, PinnedMemory pinned, long timeoutNanos, Consumer<BootState> progress) {
        this.device = device;
        this.registers = device.registers().boot();
        this.port = port;
        this.pinned = pinned;
        this.timeoutNanos = timeoutNanos;
        this.progress = progress;
    }

    /** The ROM's state now. */
    public BootState state() {
        return state(device.checked(registers.readStatus()));
    }

    /** Waits for the ROM to initialise itself; {@code false} if it stays in another state or takes too long. */
    public boolean awaitReady() {
        device.poll(() -> state() != BootState.OFF && state() != BootState.ROM_INIT, device.runtime().deadline(timeoutNanos));
        return state() == BootState.ROM_READY;
    }

    /** Loads the image to the begin of device memory (or pins it), starts it and follows the ROM to the end. */
    public BootOutcome boot(byte[] image, ImageSource source) {
        if (!awaitReady()) {
            return new BootOutcome.NotReady(state());
        }
        return switch (source) {
            case DEVICE_MEMORY -> bootFromDeviceMemory(image);
            case HOST_DMA -> bootFromHost(image);
            case FLASH -> start(0, 0, ImageSource.FLASH);
        };
    }

    /** Whole words are written: a word with two wrong bits stays so if it is written in part, and no image that ends in it would ever boot (docs/device.md, section 6). */
    private BootOutcome bootFromDeviceMemory(byte[] image) {
        port.write(IMAGE_ADDRESS, MemorySegment.ofArray(Arrays.copyOf(image, Math.ceilDiv(image.length, ECC_WORD) * ECC_WORD)));
        return start(IMAGE_ADDRESS, image.length, ImageSource.DEVICE_MEMORY);
    }

    private BootOutcome bootFromHost(byte[] image) {
        DmaMapping mapping = pinned.allocate(Math.max(1, image.length), DmaAccess.DEVICE_READS);
        try {
            MemorySegment.copy(MemorySegment.ofArray(image), 0, mapping.memory(), 0, image.length);
            return start(mapping.iova(), image.length, ImageSource.HOST_DMA);
        } finally {
            pinned.free(mapping);
        }
    }

    /** Starts whatever the three registers name; for tests of images at places of their own. */
    public BootOutcome start(long address, int bytes, ImageSource source) {
        int refusedBefore = BootRegs.Status.refused(device.checked(registers.readStatus()));
        registers.writeImageAddress(address);
        registers.writeImageSize(bytes);
        registers.writeCommand(BootRegs.Command.withStart(BootRegs.Command.withSource(0, source), true));
        return follow(refusedBefore);
    }

    private BootOutcome follow(int refusedBefore) {
        BootState seen = BootState.ROM_READY;
        boolean left = false;
        while (true) {
            BootState before = seen;
            boolean saturatedOrLeft = left;
            boolean moved = device.poll(() -> ended(before, saturatedOrLeft, refusedBefore), device.runtime().deadline(timeoutNanos));
            int status = device.checked(registers.readStatus());
            seen = state(status);
            if (!moved) {
                return new BootOutcome.TimedOut(seen);
            }
            left |= seen != BootState.ROM_READY;
            progress.accept(seen);
            switch (seen) {
                case RUNNING -> {
                    return running();
                }
                case ROM_READY -> {
                    return new BootOutcome.Refused(error(status));
                }
                case CRASHED, HALTED -> {
                    return new BootOutcome.Crashed();
                }
                default -> {
                    // on its way
                }
            }
        }
    }

    /** The state moved on, or the image was refused so fast that no other state was seen. */
    private boolean ended(BootState before, boolean left, int refusedBefore) {
        int status = device.checked(registers.readStatus());
        return state(status) != before || !left && BootRegs.Status.refused(status) != refusedBefore;
    }

    private BootOutcome running() {
        int version = device.checked(device.registers().fw().readVersion());
        return new BootOutcome.Running(FwRegs.Version.major(version), FwRegs.Version.minor(version), FwRegs.Version.patch(version));
    }

    private BootState state(int status) {
        BootState state = BootState.of(BootRegs.Status.state(status));
        if (state == null) {
            throw device.nonsense(OBJECT, "boot.status.state has the unknown value " + BootRegs.Status.state(status));
        }
        return state;
    }

    private BootError error(int status) {
        BootError error = BootError.of(BootRegs.Status.error(status));
        if (error == null) {
            throw device.nonsense(OBJECT, "boot.status.error has the unknown value " + BootRegs.Status.error(status));
        }
        return error;
    }
}
