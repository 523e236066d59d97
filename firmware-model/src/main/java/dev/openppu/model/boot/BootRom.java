package dev.openppu.model.boot;

import dev.openppu.abi.firmware.FirmwareImage;
import dev.openppu.abi.firmware.FirmwareImageException;
import dev.openppu.abi.firmware.FirmwareKey;
import dev.openppu.abi.firmware.ImagePolicy;
import dev.openppu.abi.firmware.KeyKind;
import dev.openppu.abi.reg.BootError;
import dev.openppu.abi.reg.BootState;
import dev.openppu.abi.reg.ImageSource;
import dev.openppu.model.agenda.Agenda;
import dev.openppu.model.firmware.board.FirmwareState;
import dev.openppu.model.flash.FlashController;
import dev.openppu.model.interrupt.Cause;
import dev.openppu.model.interrupt.InterruptController;
import dev.openppu.model.memory.SparseMemory;
import dev.openppu.model.pcie.HostPort;
import dev.openppu.model.reg.BootRegs;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The boot ROM's state machine ({@code docs/device.md}, section 3).
 *
 * <p>The image is copied once into memory that only the ROM reaches; everything after that looks at the copy only, so nobody can change the image between
 * check and use. The anti-rollback counter takes a new version only after the firmware has reported itself running: an image that verifies but does not work
 * never locks out its predecessor.
 */
public final class BootRom {
    private static final long INIT_NANOS = 200_000;
    private static final long ENTRY_NANOS = 50_000;
    private static final long VERIFY_NANOS = 300_000;
    private static final long REPORT_DEADLINE_NANOS = 200_000_000;
    private static final int PIECE_BYTES = 64 << 10;
    private static final long PIECE_NANOS = 4_000;
    private static final int MOST_REFUSED = 255;
    private static final int IMAGE_ALIGNMENT = 4096;

    private final BootRegs registers;
    private final Agenda agenda;
    private final SparseMemory memory;
    private final HostPort host;
    private final InterruptController interrupts;
    private final FlashBoot flash;
    private final AntiRollbackCounter counter;
    private final List<FirmwareKey> trusted;
    private final FirmwareLauncher launcher;
    private BootState state = BootState.OFF;
    private BootError error = BootError.NONE;
    private int refused;
    private int attempt;
    private @Nullable FirmwareImage entered;

    /** Parts of the device that the ROM reaches. */
    public record Parts(SparseMemory memory, HostPort host, InterruptController interrupts, FlashController flash) {}

    /** Where an image comes from. */
    private interface Source {
        /** Reads on; false if that was refused. */
        boolean read(long offset, MemorySegment piece);
    }

    /**
     * @param trusted keys whose images boot
     * @param counter survives this ROM's resets
     */
    public BootRom(BootRegs registers, Agenda agenda, Parts parts, AntiRollbackCounter counter, List<FirmwareKey> trusted,
            FirmwareLauncher launcher) {
        this.registers = registers;
        this.agenda = agenda;
        this.memory = parts.memory();
        this.host = parts.host();
        this.interrupts = parts.interrupts();
        this.flash = new FlashBoot(parts.flash(), this::loadFromFlash, () -> refuse(BootError.NO_SLOT));
        this.counter = counter;
        this.trusted = List.copyOf(trusted);
        this.launcher = launcher;
    }

    /**
     * Begins anew after a reset.
     *
     * @param quiet is called once, when no work of before the reset runs any more
     */
    public void reset(Runnable quiet) {
        launcher.halt();
        flash.reset();
        entered = null;
        refused = 0;
        error = BootError.NONE;
        registers.writeSecurityVersion(counter.value());
        registers.writeKeys(keys());
        become(BootState.ROM_INIT);
        agenda.after(INIT_NANOS, "rom.init", () -> initialised(quiet));
    }

    /** Software wrote {@code boot.command} with {@code start}. */
    public void start() {
        if (state != BootState.ROM_READY) {
            return;
        }
        ImageSource source = ImageSource.of(BootRegs.Command.source(registers.readCommand()));
        become(BootState.LOADING);
        if (source == ImageSource.FLASH) {
            agenda.after(PIECE_NANOS, "rom.flash", flash::begin);
        } else {
            loadFromOutside(source == ImageSource.HOST_DMA, registers.readImageAddress(), registers.readImageSize());
        }
    }

    private void loadFromOutside(boolean fromHost, long address, int size) {
        if (Integer.compareUnsigned(size, FirmwareImage.MAXIMUM_BYTES) > 0) {
            agenda.after(PIECE_NANOS, "rom.load", () -> refuse(BootError.TOO_LARGE));
        } else if (!fromHost && (address % IMAGE_ALIGNMENT != 0 || !memory.contains(address, size))) {
            agenda.after(PIECE_NANOS, "rom.load", () -> refuse(BootError.BAD_ADDRESS));
        } else {
            load(new PrivateMemory(size), (offset, piece) -> {
                if (fromHost) {
                    return host.read(address + offset, piece).ok();
                }
                boolean readable = memory.correction().check(address + offset, piece.byteSize()) < 0;
                memory.read(address + offset, piece);
                return readable;
            });
        }
    }

    /** A slot's image: its size is what its header claims. */
    private void loadFromFlash(byte[] image) {
        become(BootState.LOADING);
        load(new PrivateMemory(image.length), (offset, piece) -> {
            piece.copyFrom(MemorySegment.ofArray(image).asSlice(offset, piece.byteSize()));
            return true;
        });
    }

    /** The firmware says how it is doing. */
    public void firmwareReports(FirmwareState report) {
        switch (report) {
            case RUNNING -> {
                if (state == BootState.STARTING && entered != null) {
                    counter.advance(entered.header().securityVersion());
                    registers.writeSecurityVersion(counter.value());
                    become(BootState.RUNNING);
                    flash.confirmed();
                }
            }
            case HALTED -> stopped(BootState.HALTED);
            case CRASHED -> stopped(BootState.CRASHED);
        }
    }

    public BootState state() {
        return state;
    }

    /** The slot that the firmware came from; empty if it did not come from flash. */
    public OptionalInt bootedSlot() {
        return flash.bootedSlot();
    }

    /** Where the anti-rollback counter stands. */
    public int securityVersion() {
        return counter.value();
    }

    /** What the ROM would say of an image: {@link BootError#NONE} if it would start it. Firmware may ask, too. */
    public BootError judge(byte[] image) {
        try {
            FirmwareImage.parse(image).verify(policy());
            return BootError.NONE;
        } catch (FirmwareImageException e) {
            return Objects.requireNonNull(BootError.of(e.defect().bootError()));
        }
    }

    private ImagePolicy policy() {
        return new ImagePolicy(trusted, FirmwareImage.TARGET_PPU001, counter.value());
    }

    private void initialised(Runnable quiet) {
        // work of before the reset that cannot be interrupted must have ended before anybody may load new firmware
        if (agenda.busyOutside()) {
            agenda.after(INIT_NANOS, "rom.init", () -> initialised(quiet));
        } else {
            quiet.run();
            become(BootState.ROM_READY);
        }
    }

    private void load(PrivateMemory copy, Source source) {
        if (copy.complete()) {
            become(BootState.VERIFYING);
            agenda.after(VERIFY_NANOS, "rom.verify", () -> verify(copy.bytes()));
            return;
        }
        agenda.after(PIECE_NANOS, "rom.load", () -> {
            MemorySegment piece = copy.nextPiece();
            if (!source.read(copy.filled(), piece)) {
                refuse(BootError.DMA_FAULT);
                return;
            }
            copy.advance(piece);
            load(copy, source);
        });
    }

    private void verify(byte[] image) {
        try {
            FirmwareImage parsed = FirmwareImage.parse(image);
            parsed.verify(policy());
            become(BootState.STARTING);
            agenda.after(ENTRY_NANOS, "rom.enter", () -> enter(parsed));
        } catch (FirmwareImageException e) {
            if (agenda.trace().on()) {
                agenda.trace().record("rom", "refused", String.valueOf(e.getMessage()));
            }
            refuse(Objects.requireNonNull(BootError.of(e.defect().bootError())));
        }
    }

    private void enter(FirmwareImage image) {
        entered = image;
        int deadlineOf = ++attempt;
        agenda.after(REPORT_DEADLINE_NANOS, "rom.deadline", () -> {
            if (attempt == deadlineOf && state == BootState.STARTING) {
                launcher.halt();
                refuse(BootError.FW_FAILED);
            }
        });
        launcher.enter(image);
    }

    private void stopped(BootState how) {
        if (state == BootState.RUNNING || state == BootState.STARTING) {
            launcher.halt();
            become(how);
        }
    }

    private void refuse(BootError why) {
        entered = null;
        if (why != BootError.NO_SLOT && flash.booting()) {
            flash.failed();
            return;
        }
        error = why;
        refused = Math.min(refused + 1, MOST_REFUSED);
        become(BootState.ROM_READY);
    }

    private void become(BootState next) {
        state = next;
        if (next == BootState.LOADING) {
            error = BootError.NONE;
        }
        int status = BootRegs.Status.withState(0, next.value());
        status = BootRegs.Status.withError(status, error.value());
        registers.writeStatus(BootRegs.Status.withRefused(status, refused));
        interrupts.raise(Cause.BOOT);
    }

    private int keys() {
        int keys = BootRegs.Keys.withDevelopment(0, trusts(KeyKind.DEVELOPMENT));
        return BootRegs.Keys.withProduction(keys, trusts(KeyKind.PRODUCTION));
    }

    private boolean trusts(KeyKind kind) {
        return trusted.stream().anyMatch(key -> key.kind() == kind);
    }

    /** The ROM's own memory for one image, filled from front to back. */
    private static final class PrivateMemory {
        private final byte[] bytes;
        private int filled;

        PrivateMemory(int size) {
            bytes = new byte[size];
        }

        byte[] bytes() {
            return bytes;
        }

        int filled() {
            return filled;
        }

        boolean complete() {
            return filled == bytes.length;
        }

        MemorySegment nextPiece() {
            return MemorySegment.ofArray(bytes).asSlice(filled, Math.min(PIECE_BYTES, bytes.length - filled));
        }

        void advance(MemorySegment piece) {
            filled += (int) piece.byteSize();
        }
    }
}
