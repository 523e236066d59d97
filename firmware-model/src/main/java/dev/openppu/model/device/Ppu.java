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
import dev.openppu.model.command.EngineResets;
import dev.openppu.model.command.FaultUnit;
import dev.openppu.model.command.QueueBank;
import dev.openppu.model.copy.CopyEngine;
import dev.openppu.model.copy.CopyEngines;
import dev.openppu.model.dispatch.Dispatcher;
import dev.openppu.model.fault.DeviceFaults;
import dev.openppu.model.fault.FaultPlan;
import dev.openppu.model.firmware.board.FirmwareState;
import dev.openppu.model.firmware.board.InterruptLine;
import dev.openppu.model.flash.FlashController;
import dev.openppu.model.flash.NorFlash;
import dev.openppu.model.interrupt.InterruptController;
import dev.openppu.model.interrupt.MessageSender;
import dev.openppu.model.memory.EccUnit;
import dev.openppu.model.memory.ErrorCorrection;
import dev.openppu.model.memory.Invalidator;
import dev.openppu.model.memory.MemoryAperture;
import dev.openppu.model.memory.MemoryWindow;
import dev.openppu.model.memory.Mmu;
import dev.openppu.model.memory.MmuFaultLatch;
import dev.openppu.model.memory.ReservedMemory;
import dev.openppu.model.memory.Scrubber;
import dev.openppu.model.memory.SparseMemory;
import dev.openppu.model.memory.Tlb;
import dev.openppu.model.memory.VirtualPort;
import dev.openppu.model.pcie.FunctionIdentity;
import dev.openppu.model.pcie.FunctionLogic;
import dev.openppu.model.pcie.HostPort;
import dev.openppu.model.pcie.MsixTableView;
import dev.openppu.model.pcie.SharedBars;
import dev.openppu.model.power.PowerUnit;
import dev.openppu.model.profile.DeviceProfile;
import dev.openppu.model.reg.DoorbellRegs;
import dev.openppu.model.reg.MsixEntryRegs;
import dev.openppu.model.reg.PpuBar0Regs;
import dev.openppu.model.registers.MsixRegisters;
import dev.openppu.model.sim.World;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One PPU: everything behind its PCIe function.
 *
 * <p>A reset wipes the agenda first, so nothing that was under way before it can be seen after it; then registers and blocks begin anew.
 */
public final class Ppu implements FunctionLogic, AutoCloseable {
    private static final int ENGINE_TLB = 64;
    private static final int COMPUTE_TLB = 1024;

    private final DeviceProfile profile;
    private final FaultPlan plan;
    private final Agenda agenda;
    private final Identity identity;
    private final Arena arena = Arena.ofAuto();
    private final SparseMemory memory;
    private final ReservedMemory reserved;
    private final CountingHostPort host;
    private final RegisterFabric fabric;
    private final MsixRegisters msix;
    private final MemoryWindow window;
    private final Map<Integer, MmioTrap> bars;
    private final FaultFifo faults;
    private final InterruptController interrupts;
    private final EccUnit ecc;
    private final PowerUnit power;
    private final Mmu mmu;
    private final MmuFaultLatch faultLatch;
    private final Invalidator invalidator;
    private final Dispatcher kernels;
    private final CopyEngines copies;
    private final CommandProcessor commands;
    private final EngineResets engineResets;
    private final NorFlash nor = new NorFlash();
    private final FlashController flash;
    private final FirmwareProcessor firmware;
    private final BootRom rom;

    /** @param port to the host; used from the first reset on */
    public Ppu(World world, HostPort port, DeviceSetup setup) {
        this(world, port, setup, new FaultPlan());
    }

    /** The same, for a device that can go wrong. */
    public Ppu(World world, HostPort port, DeviceSetup setup, FaultPlan plan) {
        this.plan = plan;
        faults = new FaultFifo(plan.census(), this::faultLatched);
        profile = setup.profile();
        agenda = new Agenda(world);
        identity = new Identity(profile, setup.serial());
        memory = new SparseMemory(HostMemory.reserve(profile.memoryBytes(), arena));
        host = new CountingHostPort(port, world.simulated());
        reserved = new ReservedMemory(memory, profile.equipment().reservedBytes());
        FabricFaults fabricFaults = new FabricFaults(faults, agenda);
        fabric = new RegisterFabric(profile, identity, fabricFaults);
        msix = fabric.msix();
        window = new MemoryWindow(memory, reserved.address(), fabricFaults::beyondMemory);
        bars = Map.of(PpuIds.BAR_REGISTERS, fabric.bar0(), PpuIds.BAR_MEMORY_WINDOW, window, PpuIds.BAR_DOORBELLS, fabric.doorbellTrap());
        PpuBar0Regs registers = fabric.registers();
        MessageSender sender = new MessageSender(host, registers.interrupts(), profile.vectors());
        interrupts = new InterruptController(registers.interrupts(), sender, agenda);
        ecc = new EccUnit(profile.equipment().ecc(), registers.memory(), memory.correction(), agenda, interrupts, faults::latch);
        power = new PowerUnit(profile, registers.power(), agenda, interrupts, this::losePower);
        mmu = new Mmu(memory, reserved.address(), profile.contexts());
        faultLatch = new MmuFaultLatch(registers.mmu());
        kernels = new Dispatcher(agenda, new Dispatcher.Parts(mmu, tlb(COMPUTE_TLB, "compute"), memory, host, plan, power), profile,
                registers.compute());
        invalidator = new Invalidator(mmu, registers.mmu(), agenda, kernels);
        copies = new CopyEngines(copyEngines(), agenda);
        commands = commandProcessor(sender);
        engineResets = new EngineResets(registers.engineReset(), agenda, interrupts, plan, new Engines());
        flash = new FlashController(nor, agenda, this::losePower);
        firmware = new FirmwareProcessor(agenda,
                new FirmwareProcessor.Parts(fabric.hardware(), host, faults, commands, reserved, flash, plan),
                this::firmwareReports);
        rom = new BootRom(registers.boot(), agenda, new BootRom.Parts(memory, host, interrupts, flash),
                new AntiRollbackCounter(setup.lowestSecurityVersion()), setup.trusted(), firmware);
        firmware.connect(new FirmwareProcessor.RomServices(rom::judge, rom::bootedSlot));
        flash.idleLine(() -> firmware.interrupt(InterruptLine.FLASH));
        wire(registers);
        plan.connect(new Misfortune());
    }

    private CommandProcessor commandProcessor(MessageSender sender) {
        FaultUnit faultUnit = new FaultUnit(agenda, faultLatch, interrupts, faults::latch, plan.census());
        QueueBank bank = new QueueBank(profile, fabric.capabilities(), fabric.registers(), agenda, sender);
        return new CommandProcessor(agenda, bank, new CommandProcessor.Parts(host, port("cp"), faultUnit, plan, copies, kernels, arena));
    }

    private List<CopyEngine> copyEngines() {
        List<CopyEngine> engines = new ArrayList<>();
        for (int i = 0; i < profile.copyEngines(); i++) {
            Engine name = i == 0 ? Engine.COPY0 : Engine.COPY1;
            engines.add(
                    new CopyEngine(name, fabric.registers().copy(i), agenda, port("copy" + i), new CopyEngine.Parts(plan, power), arena));
        }
        return engines;
    }

    private VirtualPort port(String engine) {
        long longestRequest = agenda.realTime() ? 1L << 62 : SparseMemory.PAGE; // nobody can tell in real time
        return new VirtualPort(mmu, tlb(ENGINE_TLB, engine), memory, host, longestRequest, arena);
    }

    private Tlb tlb(int entries, String engine) {
        return mmu.newTlb(entries, agenda.chance("tlb " + engine).bits());
    }

    private void wire(PpuBar0Regs registers) {
        Scrubber scrubber = new Scrubber(registers.memory(), memory, agenda, interrupts);
        new RegisterWiring(fabric.bar0(), registers).boot(rom).firmware(firmware).interrupts(interrupts).memory(window, scrubber)
                .mmu(mmu, invalidator, faultLatch).counters(agenda, host, mmu).queues(commands, profile.queues()).engineResets(engineResets)
                .compute(kernels, profile.computeEngines()).flash(new FlashStatus(nor, flash, rom)).power(power);
        for (int i = 0; i < profile.vectors(); i++) {
            int vector = i;
            fabric.bar4().onWrite(fabric.doorbells().vector(i).base() + MsixEntryRegs.CONTROL_OFFSET, value -> host.vectorChanged(vector));
        }
        for (int i = 0; i < profile.queues(); i++) {
            int queue = i;
            fabric.bar4().onWrite(fabric.doorbells().queue(i).base() + DoorbellRegs.RING_OFFSET, value -> {
                if (!plan.losesDoorbell(queue)) {
                    commands.rung(queue, value);
                }
            });
        }
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
            case PpuIds.BAR_REGISTERS -> fabric.bar0().name(offset);
            case PpuIds.BAR_DOORBELLS -> fabric.bar4().name(offset);
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
    public Optional<SharedBars> share() {
        long bytes = identity.function().bars().stream().filter(bar -> bar.index() == PpuIds.BAR_MEMORY_WINDOW).findFirst().orElseThrow()
                .size();
        return Optional.of(new PpuSharedBars(new MemoryAperture(memory, reserved.address(), bytes), window, commands, profile.queues()));
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
        }
        fabric.reset(kind);
        window.moveTo(0);
        host.reset();
        faults.clear();
        faultLatch.reset();
        mmu.reset();
        ecc.reset();
        invalidator.reset();
        copies.reset();
        kernels.reset();
        commands.reset();
        engineResets.reset();
        interrupts.reset();
        power.reset(kind == ResetKind.COLD);
        flash.reset();
        rom.reset(this::forgetLastCounts);
    }

    /** What still ran when the device was reset has been counted after the counters were cleared. */
    private void forgetLastCounts() {
        host.reset();
        mmu.resetCounts();
    }

    /** Gives the memory's contents back; to be called when the world has ended. */
    @Override
    public void close() {
        memory.forget();
    }

    /** What a test does to the device. */
    private final class Misfortune implements DeviceFaults {
        @Override
        public void crashFirmware(String reason) {
            firmware.crash(reason);
        }

        @Override
        public void hangFirmware() {
            firmware.hang();
        }

        @Override
        public void slowFirmware(long nanos) {
            firmware.slow(nanos);
        }

        @Override
        public void flipBits(long address, long bits) {
            memory.correction().flip(address, bits);
            mmu.prepareAnew();
        }

        @Override
        public boolean isWrong(long address) {
            long word = address & -ErrorCorrection.WORD;
            return memory.correction().wrongFrom(word, word + ErrorCorrection.WORD) == word;
        }

        @Override
        public void ambient(double celsius) {
            power.ambient(celsius);
        }

        @Override
        public void heat(double celsius) {
            power.heat(celsius);
        }

        @Override
        public void powerBrake(boolean pulled) {
            power.brake(pulled);
        }

        @Override
        public void losePowerAtFlashOperation(int count, boolean half) {
            nor.losePowerAt(count, half);
        }
    }

    /** Power goes: nothing happens any more, and nothing answers, until it is back. */
    private void losePower() {
        agenda.wipe();
        firmware.halt();
        host.turnedOff();
        // the function has reset what is behind it: nothing of that may begin either
        agenda.wipe();
    }

    /** Which block's reset is the reset of an engine. */
    private final class Engines implements EngineResets.Engines {
        @Override
        public boolean present(Engine engine) {
            return switch (engine) {
                case COPY0 -> profile.copyEngines() > 0;
                case COPY1 -> profile.copyEngines() > 1;
                default -> engine == Engine.COMPUTE && profile.computeUnits() > 0;
            };
        }

        @Override
        public void reset(Engine engine, Runnable then) {
            if (engine == Engine.COMPUTE) {
                kernels.reset(then);
            } else {
                copies.reset(engine);
                then.run();
            }
        }
    }

    private void faultLatched() {
        firmware.interrupt(InterruptLine.FAULT);
    }

    private void firmwareReports(FirmwareState state) {
        rom.firmwareReports(state);
    }
}
