package dev.openppu.model.device;

import dev.openppu.abi.PpuIds;
import dev.openppu.abi.reg.Engine;
import dev.openppu.hal.ResetKind;
import dev.openppu.hal.mmio.MmioTrap;
import dev.openppu.hal.posix.HostMemory;
import dev.openppu.model.agenda.Agenda;
import dev.openppu.model.boot.AntiRollbackCounter;
import dev.openppu.model.boot.BootRom;
import dev.openppu.model.command.CommandProcessor;
import dev.openppu.model.command.FaultUnit;
import dev.openppu.model.command.QueueBank;
import dev.openppu.model.copy.CopyEngine;
import dev.openppu.model.copy.CopyEngines;
import dev.openppu.model.dispatch.Dispatcher;
import dev.openppu.model.firmware.board.FirmwareState;
import dev.openppu.model.firmware.board.InterruptLine;
import dev.openppu.model.interrupt.InterruptController;
import dev.openppu.model.interrupt.MessageSender;
import dev.openppu.model.memory.Invalidator;
import dev.openppu.model.memory.MemoryWindow;
import dev.openppu.model.memory.Mmu;
import dev.openppu.model.memory.MmuFaultLatch;
import dev.openppu.model.memory.Scrubber;
import dev.openppu.model.memory.SparseMemory;
import dev.openppu.model.memory.VirtualPort;
import dev.openppu.model.pcie.FunctionIdentity;
import dev.openppu.model.pcie.FunctionLogic;
import dev.openppu.model.pcie.HostPort;
import dev.openppu.model.pcie.MsixTableView;
import dev.openppu.model.profile.DeviceProfile;
import dev.openppu.model.reg.BootRegs;
import dev.openppu.model.reg.DoorbellRegs;
import dev.openppu.model.reg.MsixEntryRegs;
import dev.openppu.model.reg.PpuBar0Regs;
import dev.openppu.model.reg.PpuBar4Regs;
import dev.openppu.model.registers.CompiledMaps;
import dev.openppu.model.registers.DoorbellBar;
import dev.openppu.model.registers.MsixRegisters;
import dev.openppu.model.registers.Presence;
import dev.openppu.model.registers.RegisterBar;
import dev.openppu.model.sim.World;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One PPU: everything behind its PCIe function.
 *
 * <p>A reset wipes the agenda first, so nothing that was under way before it can be seen after it; then registers and blocks begin anew.
 */
public final class Ppu implements FunctionLogic, AutoCloseable {
    private static final String RESET_SIGNAL = "any_rst";
    private static final int MOST_RESETS = 0xffff;
    private static final int CP_TLB = 64;
    private static final int COPY_TLB = 64;
    private static final int COMPUTE_TLB = 1024;
    private static final RegisterBar.Violations SILENT = new RegisterBar.Violations() {
        @Override
        public void noRegister(long offset) {}

        @Override
        public void otherWidth(long offset) {}
    };

    private final Agenda agenda;
    private final Identity identity;
    private final Presence presence;
    private final SparseMemory memory;
    private final CountingHostPort host;
    private final RegisterBar registerBar;
    private final RegisterBar doorbellBar;
    private final PpuBar0Regs registers;
    private final MsixRegisters msix;
    private final Map<Integer, MmioTrap> bars;
    private final MemoryWindow window;
    private final FaultFifo faults;
    private final InterruptController interrupts;
    private final Mmu mmu;
    private final MmuFaultLatch faultLatch;
    private final Invalidator invalidator;
    private final FirmwareProcessor firmware;
    private final BootRom rom;
    private final CopyEngines copies;
    private final Dispatcher kernels;
    private final CommandProcessor commands;
    private int resets;

    /** @param port to the host; used from the first reset on */
    public Ppu(World world, HostPort port, DeviceSetup setup) {
        agenda = new Agenda(world);
        identity = new Identity(setup.profile(), setup.serial());
        presence = new Presence(setup.profile());
        Arena arena = Arena.ofAuto();
        memory = new SparseMemory(HostMemory.reserve(setup.profile().memoryBytes(), arena));
        host = new CountingHostPort(port);
        CompiledMaps maps = CompiledMaps.load();
        faults = new FaultFifo(() -> raise(InterruptLine.FAULT));
        FabricFaults fabric = new FabricFaults(faults, agenda);
        registerBar = new RegisterBar(maps.registers(), Identity.REGISTER_BYTES, fabric);
        doorbellBar = new RegisterBar(maps.doorbells(), Identity.DOORBELL_BYTES, SILENT);
        registers = new PpuBar0Regs(registerBar.hardware());
        PpuBar4Regs doorbells = new PpuBar4Regs(doorbellBar.hardware());
        msix = new MsixRegisters(doorbells);
        window = new MemoryWindow(memory, fabric::beyondMemory);
        bars = Map.of(PpuIds.BAR_REGISTERS, registerBar, PpuIds.BAR_MEMORY_WINDOW, window, PpuIds.BAR_DOORBELLS,
                new DoorbellBar(doorbellBar));
        MessageSender sender = new MessageSender(host, registers.interrupts(), setup.profile().vectors());
        interrupts = new InterruptController(registers.interrupts(), sender, agenda);
        mmu = new Mmu(memory, setup.profile().contexts());
        faultLatch = new MmuFaultLatch(registers.mmu());
        Scrubber scrubber = new Scrubber(registers.memory(), memory, agenda, interrupts);
        kernels = new Dispatcher(agenda,
                new Dispatcher.Parts(mmu, mmu.newTlb(COMPUTE_TLB, agenda.chance("tlb compute").bits()), memory, host),
                setup.profile(), registers.compute());
        invalidator = new Invalidator(mmu, registers.mmu(), agenda, kernels);
        copies = new CopyEngines(copyEngines(setup.profile(), arena), agenda);
        FaultUnit faultUnit = new FaultUnit(agenda, faultLatch, interrupts, faults::latch);
        commands = new CommandProcessor(agenda, new QueueBank(setup.profile(), presence.capabilities(), registers, agenda, sender),
                new CommandProcessor.Parts(host, port(CP_TLB, "cp", arena), faultUnit, copies, kernels, arena));
        firmware = new FirmwareProcessor(agenda, registerBar.hardware(), host, faults, commands, this::firmwareReports);
        rom = new BootRom(registers.boot(), agenda, memory, host, interrupts, new AntiRollbackCounter(setup.lowestSecurityVersion()),
                setup.trusted(), firmware);
        new RegisterWiring(registerBar, registers).boot(rom).firmware(firmware).interrupts(interrupts).memory(window, scrubber)
                .mmu(mmu, invalidator, faultLatch).counters(agenda, host, mmu)
                .queues(commands, setup.profile().queues()).compute(kernels, setup.profile().computeEngines());
        for (int i = 0; i < setup.profile().vectors(); i++) {
            int vector = i;
            doorbellBar.onWrite(doorbells.vector(i).base() + MsixEntryRegs.CONTROL_OFFSET, value -> host.vectorChanged(vector));
        }
        for (int i = 0; i < setup.profile().queues(); i++) {
            int queue = i;
            doorbellBar.onWrite(doorbells.queue(i).base() + DoorbellRegs.RING_OFFSET, value -> commands.rung(queue, value));
        }
    }

    private List<CopyEngine> copyEngines(DeviceProfile profile, Arena arena) {
        List<CopyEngine> engines = new ArrayList<>();
        for (int i = 0; i < profile.copyEngines(); i++) {
            Engine name = i == 0 ? Engine.COPY0 : Engine.COPY1;
            engines.add(new CopyEngine(name, registers.copy(i), agenda, port(COPY_TLB, "copy" + i, arena), arena));
        }
        return engines;
    }

    private VirtualPort port(int tlbEntries, String name, Arena arena) {
        return new VirtualPort(mmu, mmu.newTlb(tlbEntries, agenda.chance("tlb " + name).bits()), memory, host, arena);
    }

    @Override
    public FunctionIdentity identity() {
        return identity.function();
    }

    @Override
    public MmioTrap bar(int index) {
        MmioTrap bar = bars.get(index);
        if (bar == null) {
            throw new IllegalArgumentException("a PPU has no BAR" + index);
        }
        return bar;
    }

    @Override
    public MsixTableView msix() {
        return msix;
    }

    @Override
    public String describe(int bar, long offset) {
        return switch (bar) {
            case PpuIds.BAR_REGISTERS -> registerBar.name(offset);
            case PpuIds.BAR_DOORBELLS -> doorbellBar.name(offset);
            default -> "";
        };
    }

    @Override
    public void barResized(int index, long bytes) {
        if (index == PpuIds.BAR_MEMORY_WINDOW) {
            window.resized(bytes);
        }
    }

    @Override
    public boolean transactionsPending() {
        return agenda.busyOutside();
    }

    @Override
    public void reset(ResetKind kind) {
        agenda.wipe();
        if (kind == ResetKind.COLD) {
            agenda.powerOn();
            memory.forget();
            registerBar.powerOn();
            doorbellBar.powerOn();
            resets = 0;
        } else {
            registerBar.reset(RESET_SIGNAL);
            doorbellBar.reset(RESET_SIGNAL);
            resets = Math.min(resets + 1, MOST_RESETS);
        }
        presence.apply(registerBar);
        identity.drive(registers.id(), presence);
        registers.memory().writeSize(memory.size());
        registers.boot().writeResets(BootRegs.Resets.withLast(BootRegs.Resets.withCount(0, resets), code(kind)));
        window.moveTo(0);
        host.reset();
        faults.clear();
        faultLatch.reset();
        mmu.clear();
        invalidator.reset();
        copies.reset();
        kernels.reset();
        commands.reset();
        interrupts.reset();
        rom.reset();
    }

    /** Gives the memory's contents back; to be called when the world has ended. */
    @Override
    public void close() {
        memory.forget();
    }

    private void raise(InterruptLine line) {
        firmware.interrupt(line);
    }

    private void firmwareReports(FirmwareState state) {
        rom.firmwareReports(state);
    }

    private static int code(ResetKind kind) {
        return switch (kind) {
            case COLD -> 0;
            case SECONDARY_BUS -> 1;
            case FUNCTION_LEVEL -> 2;
        };
    }
}
