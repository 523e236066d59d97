package dev.openppu.model.device;

import dev.openppu.model.agenda.Agenda;
import dev.openppu.model.boot.BootRom;
import dev.openppu.model.command.CommandProcessor;
import dev.openppu.model.command.EngineResets;
import dev.openppu.model.dispatch.Dispatcher;
import dev.openppu.model.firmware.board.InterruptLine;
import dev.openppu.model.interrupt.InterruptController;
import dev.openppu.model.memory.Invalidator;
import dev.openppu.model.memory.MemoryWindow;
import dev.openppu.model.memory.Mmu;
import dev.openppu.model.memory.MmuFaultLatch;
import dev.openppu.model.memory.Scrubber;
import dev.openppu.model.power.PowerUnit;
import dev.openppu.model.reg.BootRegs;
import dev.openppu.model.reg.ComputeEngineRegs;
import dev.openppu.model.reg.ComputeRegs;
import dev.openppu.model.reg.EngineResetRegs;
import dev.openppu.model.reg.FlashRegs;
import dev.openppu.model.reg.FwRegs;
import dev.openppu.model.reg.InterruptsRegs;
import dev.openppu.model.reg.MemoryRegs;
import dev.openppu.model.reg.MmuContextRegs;
import dev.openppu.model.reg.MmuRegs;
import dev.openppu.model.reg.PerfRegs;
import dev.openppu.model.reg.PowerRegs;
import dev.openppu.model.reg.PpuBar0Regs;
import dev.openppu.model.reg.QueueRegs;
import dev.openppu.model.reg.TimerRegs;
import dev.openppu.model.registers.RegisterBar;
import java.util.function.LongSupplier;

/** Which block acts when software writes which register of BAR0, and which block is asked before software reads one. */
final class RegisterWiring {
    private final RegisterBar bar;
    private final PpuBar0Regs registers;

    RegisterWiring(RegisterBar bar, PpuBar0Regs registers) {
        this.bar = bar;
        this.registers = registers;
    }

    RegisterWiring boot(BootRom rom) {
        bar.onWrite(registers.boot().base() + BootRegs.COMMAND_OFFSET, value -> {
            if (BootRegs.Command.start((int) value)) {
                rom.start();
            }
        });
        return this;
    }

    RegisterWiring firmware(FirmwareProcessor processor) {
        long fw = registers.fw().base();
        bar.onWrite(fw + FwRegs.COMMAND_TAIL_OFFSET, value -> processor.interrupt(InterruptLine.COMMANDS));
        bar.onWrite(fw + FwRegs.EVENT_HEAD_OFFSET, value -> processor.interrupt(InterruptLine.EVENTS_TAKEN));
        bar.onWrite(fw + FwRegs.RING_CONTROL_OFFSET, value -> processor.interrupt(InterruptLine.RING_CONTROL));
        bar.onWrite(fw + FwRegs.CRASH_TAKEN_OFFSET, value -> {
            if (FwRegs.CrashTaken.taken((int) value)) {
                processor.crashTaken();
            }
        });
        return this;
    }

    RegisterWiring interrupts(InterruptController controller) {
        long interrupts = registers.interrupts().base();
        bar.onWrite(interrupts + InterruptsRegs.RAW_OFFSET, value -> controller.causesChanged());
        bar.onDrive(interrupts + InterruptsRegs.RAW_OFFSET, controller::causesChanged);
        bar.onWrite(interrupts + InterruptsRegs.ENABLE_OFFSET, value -> controller.causesChanged());
        bar.onWrite(interrupts + InterruptsRegs.FORCE_OFFSET, value -> {
            if (InterruptsRegs.Force.fire((int) value)) {
                controller.force();
            }
        });
        return this;
    }

    RegisterWiring memory(MemoryWindow window, Scrubber scrubber) {
        long memory = registers.memory().base();
        bar.onWrite(memory + MemoryRegs.WINDOW_OFFSET, value -> window.moveTo(value & MemoryRegs.Window.PAGE_MASK));
        bar.onWrite(memory + MemoryRegs.SCRUB_OFFSET, value -> scrubber.command((int) value));
        return this;
    }

    RegisterWiring mmu(Mmu mmu, Invalidator invalidator, MmuFaultLatch latch) {
        long base = registers.mmu().base();
        bar.onWrite(base + MmuRegs.INVALIDATE_OFFSET, value -> {
            if (MmuRegs.Invalidate.start((int) value)) {
                invalidator.begin();
            }
        });
        bar.onWrite(base + MmuRegs.FAULT_STATUS_OFFSET, value -> latch.written());
        for (int i = 0; i < PpuBar0Regs.CONTEXT_COUNT; i++) {
            int context = i;
            bar.onWrite(registers.context(i).base() + MmuContextRegs.ROOT_OFFSET, value -> mmu.rootWritten(context, value));
        }
        return this;
    }

    RegisterWiring counters(Agenda agenda, CountingHostPort host, Mmu mmu) {
        counter(registers.timer().base() + TimerRegs.NOW_OFFSET, agenda::nanos);
        long perf = registers.perf().base();
        counter(perf + PerfRegs.DMA_READ_BYTES_OFFSET, host::bytesRead);
        counter(perf + PerfRegs.DMA_WRITE_BYTES_OFFSET, host::bytesWritten);
        counter(perf + PerfRegs.TLB_HITS_OFFSET, mmu::hits);
        counter(perf + PerfRegs.TLB_MISSES_OFFSET, mmu::misses);
        return this;
    }

    RegisterWiring queues(CommandProcessor commands, int count) {
        counter(registers.perf().base() + PerfRegs.PACKETS_OFFSET, commands::packets);
        for (int i = 0; i < count; i++) {
            int queue = i;
            long base = registers.queue(i).base();
            bar.onWrite(base + QueueRegs.CONTROL_OFFSET, value -> commands.controlWritten(queue, (int) value));
            bar.beforeRead(base + QueueRegs.STATUS_OFFSET, Integer.BYTES, () -> commands.status(queue));
            counter(base + QueueRegs.READ_INDEX_OFFSET, () -> commands.readIndex(queue));
            counter(base + QueueRegs.PROGRESS_OFFSET, () -> commands.progress(queue));
        }
        return this;
    }

    RegisterWiring engineResets(EngineResets resets) {
        bar.onWrite(registers.engineReset().base() + EngineResetRegs.REQUEST_OFFSET, value -> resets.requested((int) value));
        return this;
    }

    RegisterWiring compute(Dispatcher kernels, int engines) {
        counter(registers.perf().base() + PerfRegs.INSTRUCTIONS_OFFSET, kernels::instructions);
        bar.beforeRead(registers.compute().base() + ComputeRegs.KERNELS_OFFSET, Integer.BYTES, kernels::kernels);
        bar.beforeRead(registers.compute().base() + ComputeRegs.BLOCKS_ACTIVE_OFFSET, Integer.BYTES, kernels::busyUnits);
        for (int i = 0; i < engines; i++) {
            int engine = i;
            long base = registers.engine(i).base();
            bar.beforeRead(base + ComputeEngineRegs.STATUS_OFFSET, Integer.BYTES, () -> {
                int status = ComputeEngineRegs.Status.withUnits(0, kernels.unitsPerEngine());
                return ComputeEngineRegs.Status.withActive(status, kernels.busyUnits(engine));
            });
            bar.beforeRead(base + ComputeEngineRegs.BLOCKS_OFFSET, Integer.BYTES, () -> kernels.blocks(engine));
        }
        return this;
    }

    RegisterWiring flash(FlashStatus status) {
        long base = registers.flash().base();
        bar.beforeRead(base + FlashRegs.STATUS_OFFSET, Integer.BYTES, status::status);
        bar.beforeRead(base + FlashRegs.A_VERSION_OFFSET, Integer.BYTES, () -> status.version(0));
        bar.beforeRead(base + FlashRegs.B_VERSION_OFFSET, Integer.BYTES, () -> status.version(1));
        return this;
    }

    RegisterWiring power(PowerUnit unit) {
        long base = registers.power().base();
        bar.onWrite(base + PowerRegs.CAP_OFFSET, value -> unit.settingsChanged());
        bar.onWrite(base + PowerRegs.LOCK_OFFSET, value -> unit.settingsChanged());
        bar.onWrite(base + PowerRegs.APPLICATIONS_OFFSET, value -> unit.settingsChanged());
        bar.beforeRead(base + PowerRegs.TEMPERATURE_OFFSET, Integer.BYTES, () -> Integer.toUnsignedLong(unit.temperature()));
        bar.beforeRead(base + PowerRegs.DRAW_OFFSET, Integer.BYTES, unit::draw);
        bar.beforeRead(base + PowerRegs.CLOCKS_OFFSET, Integer.BYTES, unit::clocks);
        bar.beforeRead(base + PowerRegs.PERFORMANCE_OFFSET, Integer.BYTES, unit::performance);
        counter(base + PowerRegs.ENERGY_OFFSET, unit::energy);
        counter(base + PowerRegs.THERMAL_VIOLATION_OFFSET, unit::thermalViolation);
        counter(base + PowerRegs.POWER_VIOLATION_OFFSET, unit::powerViolation);
        return this;
    }

    private void counter(long address, LongSupplier value) {
        bar.beforeRead(address, Long.BYTES, value);
    }
}
