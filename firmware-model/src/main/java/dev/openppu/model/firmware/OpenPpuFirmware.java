package dev.openppu.model.firmware;

import dev.openppu.abi.firmware.FirmwareVersion;
import dev.openppu.abi.firmware.LogLevel;
import dev.openppu.abi.firmware.MessageAbi;
import dev.openppu.model.firmware.board.Board;
import dev.openppu.model.firmware.board.FirmwareState;
import dev.openppu.model.firmware.board.InterruptLine;
import dev.openppu.model.firmware.board.Program;
import dev.openppu.model.reg.IdRegs;
import dev.openppu.model.reg.PpuBar0Regs;

/** The program "openppu-fw": heartbeat, message rings, error reporting, shutdown. */
public final class OpenPpuFirmware implements Program {
    private final Board board;
    private final PpuBar0Regs registers;
    private final Kernel kernel;
    private final Heartbeat heartbeat;
    private final EventRing events;
    private final FirmwareLog log;
    private final CommandRing commands;
    private final FaultReporter faults;
    private final QueueStopper stopper;
    private final Updater updater;
    private final Retirement retirement;

    public OpenPpuFirmware(Board board) {
        this.board = board;
        registers = new PpuBar0Regs(board.registers());
        kernel = new Kernel(board);
        heartbeat = new Heartbeat(board, kernel, registers.fw());
        events = new EventRing(board, registers);
        log = new FirmwareLog(board, registers, this::tellHost);
        stopper = new QueueStopper(board);
        updater = new Updater(board, registers, log);
        retirement = new Retirement(board, registers, log);
        faults = new FaultReporter(board, registers, events, log, retirement, () -> kernel.ready(events));
        Commands handlers = new Commands(board, IdRegs.MmuCounts.contexts(registers.id().readMmuCounts()), heartbeat, stopper, updater,
                retirement, log, this::halt);
        commands = new CommandRing(board, registers.fw(), events, handlers, () -> kernel.ready(events));
    }

    @Override
    public void start() {
        registers.fw().writeVersion(board.version());
        registers.fw().writeMessageAbi(board.messageAbi());
        log.open();
        log.information("started: %s, message interfaces %s".formatted(FirmwareVersion.unpack(board.version()),
                MessageAbi.unpack(board.messageAbi()).map(MessageAbi::toString).orElse("unknown")));
        retirement.load();
        kernel.ready(heartbeat);
        kernel.ready(this::openRings);
        kernel.ready(faults);
        board.report(FirmwareState.RUNNING);
        kernel.run();
    }

    @Override
    public void interrupt(InterruptLine line) {
        switch (line) {
            case ALARM -> {
                // the kernel looks at its timers anyway
            }
            case COMMANDS -> kernel.ready(commands);
            case EVENTS_TAKEN -> {
                kernel.ready(events);
                kernel.ready(commands);
            }
            case RING_CONTROL -> kernel.ready(this::openRings);
            case FAULT -> kernel.ready(faults);
            case FLASH -> {
                updater.flashIdle();
                retirement.flashIdle();
                kernel.ready(events);
                kernel.ready(commands);
            }
            case STOPPED -> {
                stopper.stopped();
                kernel.ready(events);
                kernel.ready(commands);
            }
        }
        kernel.run();
    }

    private void openRings() {
        RingLayout layout = RingLayout.read(registers.fw());
        if (!layout.usable()) {
            events.close();
            commands.close();
        } else if (events.open(layout)) {
            commands.open(layout);
            kernel.ready(commands);
            kernel.ready(events);
        }
    }

    private void tellHost(LogLevel level, String text) {
        events.send(Outgoing.log(level, text));
        kernel.ready(events);
    }

    private void halt() {
        kernel.ready(() -> {
            events.run();
            log.information("halted");
            kernel.stop();
            board.report(FirmwareState.HALTED);
        });
    }
}
