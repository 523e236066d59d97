package dev.openppu.driver.owner;

import dev.openppu.abi.error.HgResult;
import dev.openppu.abi.firmware.MessageAbi;
import dev.openppu.abi.memory.PageTableEntry;
import dev.openppu.abi.reg.BootError;
import dev.openppu.abi.reg.BootRegs;
import dev.openppu.abi.reg.BootState;
import dev.openppu.abi.reg.FwRegs;
import dev.openppu.abi.reg.IdRegs;
import dev.openppu.abi.reg.ImageSource;
import dev.openppu.abi.reg.PpuBar0Regs;
import dev.openppu.driver.BringUpListener;
import dev.openppu.driver.BringUpStage;
import dev.openppu.driver.Failure;
import dev.openppu.driver.FirmwareRefusedException;
import dev.openppu.driver.PpuException;
import dev.openppu.driver.PpuInfo;
import dev.openppu.driver.PpuInterruptedException;
import dev.openppu.driver.PpuOptions;
import dev.openppu.driver.ResetPolicy;
import dev.openppu.driver.sync.Nanos;
import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.LinkException;
import dev.openppu.hal.ResetKind;
import dev.openppu.hal.WaitInterruptedException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;

/** Brings a device up, stage by stage; what was made is taken back if a stage fails. */
public final class BringUp {
    private static final String SHIPPED_FIRMWARE = "/dev/openppu/driver/firmware/openppu-fw.img";

    private final DeviceLink link;
    private final PpuOptions options;
    private final Stages stages;
    private final PciFunction function;
    private final Deque<Runnable> undo = new ArrayDeque<>();

    private final DeviceOwner.Epoch epoch;
    /** Nothing of an earlier life is to be trusted. */
    private final boolean distrustful;
    /** The firmware of the last driver runs and is taken over. */
    private boolean warm;
    /** The function has just been reset, and has its BARs again. */
    private final boolean fresh;

    private BringUp(DeviceLink link, PpuOptions options, PciFunction function, DeviceOwner.Epoch epoch, boolean fresh) {
        this.link = link;
        this.options = options;
        this.stages = new Stages(fresh ? BringUpListener.SILENT : options.listener(), link.runtime());
        this.function = function;
        this.epoch = epoch;
        this.fresh = fresh;
        this.distrustful = false;
    }

    /** Another attempt, which resets the device first. */
    private BringUp(BringUp before) {
        this.link = before.link;
        this.options = before.options;
        this.stages = before.stages;
        this.function = before.function;
        this.epoch = before.epoch;
        this.fresh = before.fresh;
        this.distrustful = true;
    }

    /** The function behind a link, as it is found. */
    static PciFunction function(DeviceLink link) {
        try {
            return new PciFunction(link);
        } catch (LinkException e) {
            throw failed(link, e);
        }
    }

    /**
     * Brings up the device behind a link.
     *
     * @throws PpuException saying at which object it failed; the function is off the bus then
     */
    static DeviceOwner of(DeviceLink link, PpuOptions options, PciFunction function, DeviceOwner.Epoch epoch) {
        return new BringUp(link, options, function, epoch, false).run();
    }

    /** As {@link #of}, after a reset. */
    static DeviceOwner again(DeviceLink link, PpuOptions options, PciFunction function, DeviceOwner.Epoch epoch) {
        return new BringUp(link, options, function, epoch, true).run();
    }

    /** The image that ships with the driver. */
    public static byte[] shippedFirmware() {
        try (InputStream in = BringUp.class.getResourceAsStream(SHIPPED_FIRMWARE)) {
            if (in == null) {
                throw new IllegalStateException("the driver was built without its firmware image " + SHIPPED_FIRMWARE);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("the firmware image that ships with the driver cannot be read", e);
        }
    }

    private DeviceOwner run() {
        try {
            return bringUp();
        } catch (PpuException e) {
            if (warm) { // the last driver's firmware was not what it seemed to be
                takeBack(e);
                stages.detail("what the last driver left does not work: " + e.getMessage());
                return new BringUp(this).run();
            }
            throw failed(e);
        } catch (LinkException e) {
            throw failed(failed(link, e));
        } catch (RuntimeException e) { // the listener's own
            takeBack(e);
            throw e;
        }
    }

    private static PpuException failed(DeviceLink link, LinkException e) {
        if (e instanceof WaitInterruptedException interrupted) {
            return new PpuInterruptedException(link.identity().uri(), "bring-up", interrupted);
        }
        return new PpuException(
                Failure.of(HgResult.OPERATING_SYSTEM, link.identity().uri(), "link", String.valueOf(e.getMessage()), "check the link"), e);
    }

    private PpuException failed(PpuException failure) {
        try {
            stages.failed(failure);
        } finally {
            takeBack(failure);
        }
        return failure;
    }

    private void takeBack(RuntimeException failure) {
        if (!fresh) {
            undo.addLast(function::restoreIfForgotten); // the next driver finds the function as enumeration left it
        }
        while (!undo.isEmpty()) {
            try {
                undo.pop().run();
            } catch (RuntimeException e) {
                failure.addSuppressed(e);
            }
        }
    }

    private DeviceOwner bringUp() {
        enumerate();
        DeviceAccess device = reset();
        PinnedMemory pinned = new PinnedMemory(link.dma());
        DeviceMemoryPort port = new DeviceMemoryPort(link.runtime(), device.memoryWindow(), device.registers().memory(),
                device.checked(device.registers().memory().readSize()));
        PpuInfo.Version firmware = boot(device, port, pinned);
        int vectors = interrupts(device);
        FirmwareReports reports = new FirmwareReports();
        MessageChannel messages = channel(device, pinned, reports);
        MessageAbi.Agreed abi = messages.hello();
        stages.detail("message interface " + abi.major() + "." + abi.minor());
        PpuInfo info = InfoReader.read(device, firmware, new PpuInfo.Version(abi.major(), abi.minor(), 0));
        stages.enter(BringUpStage.MEMORY);
        stages.detail(
                String.format(Locale.ROOT, "%,d MiB, %d address spaces of %d bits", info.memoryBytes() >> 20, info.contexts(),
                        info.virtualAddressBits()));
        TranslationCache translations = new TranslationCache(device, port, Nanos.of(options.messageTimeout()));
        stages.enter(BringUpStage.QUEUES);
        QueueManager queues = new QueueManager(device, pinned, info.capabilities().queues() ? info.queues() : 0, vectors,
                Nanos.of(options.messageTimeout()));
        stages.detail(
                info.queues() + " hardware queues, " + info.copyEngines() + " copy engines, " + info.computeUnits() + " compute units");
        options.watchdogCycles().ifPresent(cycles -> device.registers().compute().writeWatchdog(cycles));
        new AttachRecord(device).inUse();
        DeviceOwner owner = new DeviceOwner(device, info, new DeviceOwner.Parts(pinned, messages, port,
                new DeviceMemoryManager(device.name(), usable(device, info)), translations, queues), reports, epoch);
        undo.push(owner::close);
        stages.end();
        return owner;
    }

    /** What lies before the pages that the firmware keeps for itself. */
    private static long usable(DeviceAccess device, PpuInfo info) {
        long reserved = Integer.toUnsignedLong(device.checked(device.registers().memory().readReserved())) * PageTableEntry.TABLE_BYTES;
        return Math.max(0, info.memoryBytes() - reserved);
    }

    private void enumerate() {
        stages.enter(BringUpStage.ENUMERATE);
        Probe probe = Probe.of(link);
        stages.detail("%s: %04x:%04x revision %02x, class %06x".formatted(link.identity().address(), probe.vendor(), probe.deviceId(),
                probe.revision(), probe
                        .classCode()));
        stages.detail(String.format(Locale.ROOT, "%d capabilities, host interface %d.%d, profile %d", probe.capabilities().size(),
                probe.abiMajor(),
                probe.abiMinor(), probe
                        .profile()));
    }

    private DeviceAccess reset() {
        stages.enter(BringUpStage.RESET);
        if (fresh) {
            undo.push(function::disableBusMaster);
            function.enable();
            DeviceAccess device = new DeviceAccess(link);
            device.requirePresent();
            return device;
        }
        boolean wasMaster = function.busMaster();
        undo.push(function::disableBusMaster);
        function.enableMemory();
        DeviceAccess device = new DeviceAccess(link);
        device.requirePresent();
        boolean ifNeeded = options.reset() == ResetPolicy.IF_NEEDED && !wasMaster && !distrustful;
        if (ifNeeded && untouched(device)) {
            stages.detail("as power-on left it: none needed");
        } else if (ifNeeded && options.firmware().isEmpty() && attachable(device)) {
            warm = true;
            stages.detail("the last driver left in order and its firmware runs: none needed");
        } else {
            ResetKind kind = options.reset() == ResetPolicy.COLD ? ResetKind.COLD : ResetKind.FUNCTION_LEVEL;
            stages.detail(String.format(Locale.ROOT, "%s, ready after %.1f ms", kind, function.reset(kind) / 1e6));
            Probe.of(link);
        }
        function.enable();
        DeviceAccess fresh = new DeviceAccess(link);
        fresh.requirePresent();
        return fresh;
    }

    private static boolean attachable(DeviceAccess device) {
        int queues = IdRegs.Counts.queues(device.checked(device.registers().id().readCounts()));
        return queues <= PpuBar0Regs.QUEUE_COUNT && new AttachRecord(device).mayAttach(queues);
    }

    private static boolean untouched(DeviceAccess device) {
        BootState state = BootState.of(BootRegs.Status.state(device.registers().boot().readStatus()));
        return state == BootState.OFF || state == BootState.ROM_INIT || state == BootState.ROM_READY;
    }

    private PpuInfo.Version boot(DeviceAccess device, DeviceMemoryPort port, PinnedMemory pinned) {
        stages.enter(BringUpStage.BOOT_ROM);
        if (warm) {
            stages.enter(BringUpStage.FIRMWARE_RUN);
            int packed = device.checked(device.registers().fw().readVersion());
            PpuInfo.Version version = new PpuInfo.Version(FwRegs.Version.major(packed), FwRegs.Version.minor(packed),
                    FwRegs.Version.patch(packed));
            stages.detail("firmware " + version + ", attached without a boot");
            return version;
        }
        FirmwareBoot boot = new FirmwareBoot(device, port, pinned, Nanos.of(options.bootTimeout()), this::follow);
        if (!boot.awaitReady()) {
            throw device.failure(HgResult.SYSTEM_NOT_READY, "boot ROM", "it does not get ready: its state is " + boot.state(),
                    "reset the device");
        }
        byte[] image = options.firmware().orElseGet(BringUp::shippedFirmware);
        stages.detail("ready, ROM " + InfoReader.romVersion(device));
        stages.enter(BringUpStage.FIRMWARE_LOAD);
        stages.detail(options.firmwareSource() == ImageSource.FLASH
                ? "from the slot in flash that is active"
                : String.format(Locale.ROOT, "%,d bytes by %s", image.length, options.firmwareSource()));
        BootOutcome outcome = boot.boot(image, options.firmwareSource());
        if (outcome instanceof BootOutcome.Running running) {
            stages.enter(BringUpStage.FIRMWARE_RUN);
            PpuInfo.Version version = new PpuInfo.Version(running.major(), running.minor(), running.patch());
            stages.detail("firmware " + version);
            return version;
        }
        if (outcome instanceof BootOutcome.Refused refused) {
            stages.enter(stageOf(refused.error()));
        }
        throw refused(device, outcome);
    }

    /** Where the ROM was when it refused an image: it may have been through with it before anybody looked at its state. */
    static BringUpStage stageOf(BootError error) {
        return switch (error) {
            case NONE, DMA_FAULT, BAD_ADDRESS, TOO_LARGE, NO_SLOT -> BringUpStage.FIRMWARE_LOAD;
            case TRUNCATED, BAD_MAGIC, BAD_HEADER, BAD_SECTION, DIGEST_MISMATCH, BAD_SIGNATURE, UNKNOWN_KEY, ROLLED_BACK, WRONG_TARGET ->
                BringUpStage.FIRMWARE_VERIFY;
            case FW_FAILED -> BringUpStage.FIRMWARE_RUN;
        };
    }

    private void follow(BootState state) {
        switch (state) {
            case VERIFYING -> stages.enter(BringUpStage.FIRMWARE_VERIFY);
            case STARTING, RUNNING -> stages.enter(BringUpStage.FIRMWARE_RUN);
            default -> {
                // no stage of its own
            }
        }
    }

    private static PpuException refused(DeviceAccess device, BootOutcome outcome) {
        if (outcome instanceof BootOutcome.Refused refused) {
            return new FirmwareRefusedException(
                    Failure.of(HgResult.INVALID_IMAGE, device.name(), "boot ROM", "it refused the firmware image: " + refused.error(),
                            "use an intact image, signed by a key that the device trusts, of at least its security version"),
                    refused.error());
        }
        return device.failure(HgResult.SYSTEM_NOT_READY, "boot ROM", "the firmware did not start: " + outcome,
                "reset the device and try again");
    }

    private int interrupts(DeviceAccess device) {
        stages.enter(BringUpStage.INTERRUPTS);
        int vectors = Math.min(link.interrupts().vectors(), IdRegs.Counts.vectors(device.registers().id().readCounts()));
        if (vectors < 1) {
            throw device.failure(HgResult.SYSTEM_NOT_READY, "interrupts", "the device has no MSI-X vectors", "check the link");
        }
        undo.push(link.interrupts()::disable);
        link.interrupts().enable(vectors);
        stages.detail(vectors + " MSI-X vectors");
        return vectors;
    }

    private MessageChannel channel(DeviceAccess device, PinnedMemory pinned, FirmwareReports reports) {
        stages.enter(BringUpStage.MESSAGE_CHANNEL);
        MessageChannel messages = new MessageChannel(device, pinned, reports, Nanos.of(options.messageTimeout()));
        undo.push(messages::close);
        return messages;
    }
}
