package dev.openppu.model.device;

import dev.openppu.abi.firmware.FirmwareImage;
import dev.openppu.abi.firmware.FirmwareMessage;
import dev.openppu.abi.firmware.FirmwareProgram;
import dev.openppu.abi.firmware.MessageStatus;
import dev.openppu.abi.firmware.MessageType;
import dev.openppu.abi.firmware.SectionType;
import dev.openppu.abi.reg.BootError;
import dev.openppu.hal.mmio.Mmio;
import dev.openppu.model.agenda.Agenda;
import dev.openppu.model.boot.FirmwareLauncher;
import dev.openppu.model.census.FaultReport;
import dev.openppu.model.command.QueueStops;
import dev.openppu.model.fault.FaultPlan;
import dev.openppu.model.fault.FaultPoint;
import dev.openppu.model.fault.FaultSource;
import dev.openppu.model.firmware.OpenPpuFirmware;
import dev.openppu.model.firmware.board.Board;
import dev.openppu.model.firmware.board.FirmwareState;
import dev.openppu.model.firmware.board.InterruptLine;
import dev.openppu.model.firmware.board.Program;
import dev.openppu.model.firmware.flash.FlashPort;
import dev.openppu.model.flash.FlashController;
import dev.openppu.model.memory.ReservedMemory;
import dev.openppu.model.pcie.HostPort;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The processor that firmware runs on: loads the program that an image names, wires it to a {@link Board}, and delivers interrupts.
 *
 * <p>A program that fails by an exception has crashed: the boot ROM is told, the rest of the device goes on.
 */
final class FirmwareProcessor implements FirmwareLauncher {
    private static final System.Logger LOG = System.getLogger(FirmwareProcessor.class.getName());
    private static final long INTERRUPT_NANOS = 700;
    private static final long INTERRUPT_SPREAD = 600;

    private final Agenda agenda;
    private final Parts parts;
    private final CrashMonitor monitor;
    private final Consumer<FirmwareState> reports;
    private RomServices rom = new RomServices(image -> BootError.UNKNOWN_KEY, OptionalInt::empty);
    private @Nullable Core core;

    /** Parts of the device that the processor is wired to. */
    record Parts(Mmio registers, HostPort host, FaultFifo faults, QueueStops queues, ReservedMemory reserved, FlashController flash,
            FaultPlan plan) {}

    /** @param reports where the program's reports about itself go */
    FirmwareProcessor(Agenda agenda, Parts parts, Consumer<FirmwareState> reports) {
        this.agenda = agenda;
        this.parts = parts;
        this.monitor = new CrashMonitor(parts.registers(), parts.reserved());
        this.reports = reports;
    }

    @Override
    public void enter(FirmwareImage image) {
        Optional<FirmwareProgram> text = image.section(SectionType.TEXT).map(image::content).flatMap(FirmwareProgram::decode);
        Core fresh = new Core(image, text.map(FirmwareProgram::parameters).orElse(Map.of()));
        core = fresh;
        // code that is no program does what it does on silicon: nothing that anybody would notice
        if (text.isPresent() && text.get().name().equals(FirmwareProgram.OPENPPU)) {
            fresh.load(new OpenPpuFirmware(fresh));
        }
    }

    @Override
    public void halt() {
        core = null;
    }

    /** Raises a line into the processor; nothing happens while it is halted. */
    void interrupt(InterruptLine line) {
        if (core != null) {
            core.raise(line);
        }
    }

    /** What the boot ROM does for firmware: judges images, and says which slot it took. */
    record RomServices(Function<byte[], BootError> judge, Supplier<OptionalInt> bootedSlot) {}

    void connect(RomServices services) {
        rom = services;
    }

    /** The host has read the crash record. */
    void crashTaken() {
        monitor.taken();
    }

    /** The program that runs now fails, as a mistake in it would make it fail. */
    void crash(String reason) {
        if (core != null) {
            core.run(() -> {
                throw new IllegalStateException(reason);
            });
        }
    }

    /** The program that runs now goes on for ever without looking at anything, until the processor is halted. */
    void hang() {
        if (core != null) {
            core.program = null;
        }
    }

    /** The program that runs now hears of everything that much later. */
    void slow(long nanos) {
        if (core != null) {
            core.slowness = nanos;
        }
    }

    /** One run of the processor, from entry to halt. */
    private final class Core implements Board {
        private final FirmwareImage image;
        private final Map<String, String> parameters;
        private final EnumSet<InterruptLine> pending = EnumSet.noneOf(InterruptLine.class);
        private @Nullable Program program;
        private long alarm;
        private int stopped;
        private long slowness;

        Core(FirmwareImage image, Map<String, String> parameters) {
            this.image = image;
            this.parameters = parameters;
        }

        void load(Program loaded) {
            program = loaded;
            run(loaded::start);
        }

        void raise(InterruptLine line) {
            if (pending.add(line)) {
                agenda.afterAbout(INTERRUPT_NANOS + slowness, INTERRUPT_SPREAD, "fw.interrupt", () -> deliver(line));
            }
        }

        private void deliver(InterruptLine line) {
            pending.remove(line);
            Program running = program;
            if (core == this && running != null) {
                run(() -> running.interrupt(line));
            }
        }

        private void run(Runnable code) {
            try {
                code.run();
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.DEBUG, "the device's firmware has crashed", e);
                program = null;
                monitor.record(String.valueOf(e.getMessage()), image.header().version().pack(), agenda.nanos());
                reports.accept(FirmwareState.CRASHED);
            }
        }

        @Override
        public Mmio registers() {
            return parts.registers();
        }

        @Override
        public long nanos() {
            return agenda.nanos();
        }

        @Override
        public void alarm(long nanos) {
            long setting = ++alarm;
            agenda.after(nanos + slowness, "fw.alarm", () -> {
                if (setting == alarm) {
                    deliver(InterruptLine.ALARM);
                }
            });
        }

        @Override
        public boolean readHost(long iova, MemorySegment destination) {
            return parts.host().read(iova, destination).ok();
        }

        @Override
        public boolean writeHost(long iova, MemorySegment source) {
            return parts.host().write(iova, misfortune(source)).ok();
        }

        private MemorySegment misfortune(MemorySegment message) {
            if (parts.plan().damagesMessage()) {
                return damaged(message);
            }
            return answers(message) && parts.plan().strikes(FaultPoint.MESSAGE_WRONG) != FaultSource.NOTHING ? wrong(message) : message;
        }

        private static boolean answers(MemorySegment message) {
            return message.byteSize() == FirmwareMessage.BYTES && (FirmwareMessage.type(message, 0) & MessageType.REPLY) != 0;
        }

        private static MemorySegment wrong(MemorySegment message) {
            MemorySegment answer = MemorySegment.ofArray(new long[FirmwareMessage.BYTES / Long.BYTES]).copyFrom(message);
            FirmwareMessage.word(answer, 0, 0, MessageStatus.BAD_ARGUMENT.code());
            FirmwareMessage.seal(answer, 0);
            return answer;
        }

        private static MemorySegment damaged(MemorySegment message) {
            byte[] bytes = message.toArray(ValueLayout.JAVA_BYTE);
            bytes[bytes.length / 2] ^= 1;
            return MemorySegment.ofArray(bytes);
        }

        @Override
        public boolean writeReserved(long address, MemorySegment source) {
            return parts.reserved().write(address, source);
        }

        @Override
        public FlashPort flash() {
            return parts.flash();
        }

        @Override
        public OptionalInt bootedSlot() {
            return rom.bootedSlot().get();
        }

        @Override
        public BootError judge(byte[] firmwareImage) {
            return rom.judge().apply(firmwareImage);
        }

        @Override
        public @Nullable FaultReport nextFault() {
            return parts.faults().next();
        }

        @Override
        public void stopContext(int context) {
            parts.queues().stopContext(context, this::stopDone);
        }

        @Override
        public void stopAll() {
            parts.queues().stopAll(this::stopDone);
        }

        private void stopDone(int count) {
            stopped = count;
            raise(InterruptLine.STOPPED);
        }

        @Override
        public int stoppedQueues() {
            return stopped;
        }

        @Override
        public void report(FirmwareState state) {
            reports.accept(state);
        }

        @Override
        public int version() {
            return image.header().version().pack();
        }

        @Override
        public int messageAbi() {
            return image.header().messageAbi().pack();
        }

        @Override
        public Map<String, String> parameters() {
            return parameters;
        }
    }
}
