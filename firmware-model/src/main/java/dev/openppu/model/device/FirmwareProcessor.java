package dev.openppu.model.device;

import dev.openppu.abi.firmware.FirmwareImage;
import dev.openppu.abi.firmware.FirmwareProgram;
import dev.openppu.abi.firmware.SectionType;
import dev.openppu.hal.mmio.Mmio;
import dev.openppu.model.agenda.Agenda;
import dev.openppu.model.boot.FirmwareLauncher;
import dev.openppu.model.command.QueueStops;
import dev.openppu.model.firmware.OpenPpuFirmware;
import dev.openppu.model.firmware.board.Board;
import dev.openppu.model.firmware.board.FaultReport;
import dev.openppu.model.firmware.board.FirmwareState;
import dev.openppu.model.firmware.board.InterruptLine;
import dev.openppu.model.firmware.board.Program;
import dev.openppu.model.pcie.HostPort;
import java.lang.foreign.MemorySegment;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
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
    private final Mmio registers;
    private final HostPort host;
    private final FaultFifo faults;
    private final QueueStops queues;
    private final Consumer<FirmwareState> reports;
    private @Nullable Core core;

    /** @param reports where the program's reports about itself go */
    FirmwareProcessor(Agenda agenda, Mmio registers, HostPort host, FaultFifo faults, QueueStops queues, Consumer<FirmwareState> reports) {
        this.agenda = agenda;
        this.registers = registers;
        this.host = host;
        this.faults = faults;
        this.queues = queues;
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

    /** One run of the processor, from entry to halt. */
    private final class Core implements Board {
        private final FirmwareImage image;
        private final Map<String, String> parameters;
        private final EnumSet<InterruptLine> pending = EnumSet.noneOf(InterruptLine.class);
        private @Nullable Program program;
        private long alarm;
        private int stopped;

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
                agenda.afterAbout(INTERRUPT_NANOS, INTERRUPT_SPREAD, "fw.interrupt", () -> deliver(line));
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
                LOG.log(System.Logger.Level.ERROR, "the device's firmware has crashed", e);
                program = null;
                reports.accept(FirmwareState.CRASHED);
            }
        }

        @Override
        public Mmio registers() {
            return registers;
        }

        @Override
        public long nanos() {
            return agenda.nanos();
        }

        @Override
        public void alarm(long nanos) {
            long setting = ++alarm;
            agenda.after(nanos, "fw.alarm", () -> {
                if (setting == alarm) {
                    deliver(InterruptLine.ALARM);
                }
            });
        }

        @Override
        public boolean readHost(long iova, MemorySegment destination) {
            return host.read(iova, destination).ok();
        }

        @Override
        public boolean writeHost(long iova, MemorySegment source) {
            return host.write(iova, source).ok();
        }

        @Override
        public @Nullable FaultReport nextFault() {
            return faults.next();
        }

        @Override
        public void stopContext(int context) {
            queues.stopContext(context, this::stopDone);
        }

        @Override
        public void stopAll() {
            queues.stopAll(this::stopDone);
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
