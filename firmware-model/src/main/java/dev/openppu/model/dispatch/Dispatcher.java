package dev.openppu.model.dispatch;

import dev.openppu.abi.packet.KernelDispatchPacket;
import dev.openppu.abi.reg.Engine;
import dev.openppu.abi.reg.MmuReason;
import dev.openppu.model.agenda.Agenda;
import dev.openppu.model.command.Packet;
import dev.openppu.model.command.PacketEngine;
import dev.openppu.model.command.WorkFault;
import dev.openppu.model.compute.AccessFault;
import dev.openppu.model.compute.Dim3;
import dev.openppu.model.compute.DispatchRequest;
import dev.openppu.model.compute.InvalidDispatchException;
import dev.openppu.model.compute.KernelLaunch;
import dev.openppu.model.fault.FaultPlan;
import dev.openppu.model.memory.Invalidator;
import dev.openppu.model.memory.Mmu;
import dev.openppu.model.memory.SparseMemory;
import dev.openppu.model.memory.Tlb;
import dev.openppu.model.pcie.HostPort;
import dev.openppu.model.power.Activity;
import dev.openppu.model.profile.DeviceProfile;
import dev.openppu.model.reg.ComputeRegs;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Distributes the blocks of kernels over the compute units. A unit works on one kernel at a time, in slices that run outside the device's exclusion where the
 * world has several threads; between two slices everything is decided here.
 *
 * <p>A kernel that fails or is cancelled hands out no more blocks; its packet ends when the last of its slices has. While a kernel of a higher priority has blocks that
 * no unit is free for, those of a lower one get no new units, and at the ends of their slices their blocks are put aside; they go on later, each on its unit.
 */
public final class Dispatcher implements PacketEngine, Invalidator.Users {
    private static final long SETUP_NANOS = 1_500;
    private static final long SETUP_SPREAD = 1_000;
    private static final long SLICE_INSTRUCTIONS = 50_000;
    private static final long UNIT_SPREAD = 64;
    private static final long CONTEXT_NANOS = 3_000;
    private static final long CONTEXT_SPREAD = 2_000;
    private static final long PREEMPTION_LIMIT = 500_000;
    private static final long REAL_PREEMPTION_LIMIT = 50_000_000;
    private static final long LONG_BLOCK_INSTRUCTIONS = 5_000_000;
    private static final long FAVOURED_INSTRUCTIONS = 10_000_000;

    private final Agenda agenda;
    private final Parts parts;
    private final DeviceProfile profile;
    private final ComputeRegs registers;
    private final List<Grid> grids = new ArrayList<>();
    private final FaultPlan faults;
    private final List<Packet> preparing = new ArrayList<>();
    private final List<Packet> victims = new ArrayList<>();
    private final List<Runnable> stalled = new ArrayList<>();
    private final TreeSet<Long> slices = new TreeSet<>();
    private final List<Unit> units = new ArrayList<>();
    private final int[] engineBlocks;
    private long sliceNumber;
    private long gridNumber;
    private long instructions;
    private int kernels;
    private int turn;
    private @Nullable Runnable resetting;

    /** Parts of the device that kernels reach. */
    public record Parts(Mmu mmu, Tlb tlb, SparseMemory memory, HostPort host, FaultPlan faults, Activity activity) {}

    public Dispatcher(Agenda agenda, Parts parts, DeviceProfile profile, ComputeRegs registers) {
        this.agenda = agenda;
        this.parts = parts;
        this.faults = parts.faults();
        this.profile = profile;
        this.registers = registers;
        this.engineBlocks = new int[profile.computeEngines()];
        makeUnits();
        faults.whenUnhung(Engine.COMPUTE, this::goOn);
    }

    @Override
    public void submit(Packet packet) {
        preparing.add(packet);
        long index = packet.index();
        agenda.afterAbout(SETUP_NANOS, SETUP_SPREAD, "gd.prepare", () -> setUp(packet, index));
    }

    private void setUp(Packet packet, long index) {
        if (packet.index() != index || !preparing.contains(packet)) {
            return;
        }
        if (faults.hung(Engine.COMPUTE)) {
            stalled.add(() -> setUp(packet, index));
            return;
        }
        preparing.remove(packet);
        if (packet.cancelled()) {
            packet.abandoned();
        } else {
            prepare(packet);
        }
    }

    private void goOn() {
        List<Runnable> steps = List.copyOf(stalled);
        stalled.clear();
        steps.forEach(Runnable::run);
    }

    @Override
    public void cancelled(Packet packet) {
        if (!faults.hung(Engine.COMPUTE) && preparing.remove(packet)) {
            packet.abandoned();
            return;
        }
        for (Grid grid : List.copyOf(grids)) {
            if (grid.packet() == packet) {
                grid.stop();
                units.forEach(unit -> unit.drop(grid));
                endIfOver(grid);
            }
        }
    }

    /**
     * A reset of the compute units and this dispatcher: every kernel is lost. Their packets end when no slice of them runs any more, so that nothing writes memory behind
     * a signal's back.
     *
     * @param then runs when all of that has happened
     */
    public void reset(Runnable then) {
        if (resetting != null) {
            return;
        }
        resetting = then;
        victims.addAll(preparing);
        for (Grid grid : grids) {
            grid.stop();
            victims.add(grid.packet());
        }
        preparing.clear();
        grids.clear();
        stalled.clear();
        units.forEach(Unit::release);
        units.clear();
        makeUnits();
        finishReset();
    }

    private void finishReset() {
        Runnable then = resetting;
        if (then == null || !slices.isEmpty()) {
            return;
        }
        List<Packet> lost = List.copyOf(victims);
        victims.clear();
        resetting = null;
        lost.forEach(Packet::lost);
        then.run();
        assign();
    }

    /** Forgets everything, as a reset does; slices that still run outside the exclusion end soon, unheard. */
    public void reset() {
        grids.forEach(Grid::stop);
        grids.clear();
        preparing.clear();
        victims.clear();
        stalled.clear();
        resetting = null;
        slices.clear();
        units.clear();
        makeUnits();
        Arrays.fill(engineBlocks, 0);
        instructions = 0;
        kernels = 0;
    }

    @Override
    public long mark() {
        return sliceNumber;
    }

    @Override
    public boolean endedSince(long mark) {
        return slices.isEmpty() || slices.first() > mark;
    }

    /** Kernels finished since reset. */
    public int kernels() {
        return kernels;
    }

    /** Warp instructions since reset. */
    public long instructions() {
        return instructions;
    }

    /** Units that have a block now. */
    public int busyUnits() {
        return (int) units.stream().filter(unit -> !unit.free()).count();
    }

    /** Units of an engine. */
    public int unitsPerEngine() {
        return profile.computeUnits() / profile.computeEngines();
    }

    /** Units of an engine that have a block now. */
    public int busyUnits(int engine) {
        return (int) units.stream().filter(unit -> engineOf(unit) == engine && !unit.free()).count();
    }

    /** Blocks that an engine has ended since reset. */
    public int blocks(int engine) {
        return engineBlocks[engine];
    }

    private void makeUnits() {
        for (int i = 0; i < profile.computeUnits(); i++) {
            units.add(new Unit(i, profile.computeUnits(), parts.activity()));
        }
    }

    private void prepare(Packet packet) {
        KernelMemory memory = new KernelMemory(parts.mmu(), parts.tlb(), parts.memory(), parts.host(), packet.context());
        try {
            grids.add(new Grid(packet, KernelLaunch.prepare(request(packet.bytes()), memory)));
            assign();
        } catch (InvalidDispatchException e) {
            if (agenda.trace().on()) {
                agenda.trace().record("gd", "refused", String.valueOf(e.getMessage()));
            }
            packet.failed(WorkFault.malformed(Engine.COMPUTE, KernelDispatchPacket.kernel(packet.bytes(), 0)));
        } catch (AccessFault e) {
            packet.failed(withLevel(KernelFaults.preparation(e), packet.context()));
        }
    }

    private DispatchRequest request(MemorySegment packet) {
        long watchdog = registers.readWatchdog();
        return new DispatchRequest(KernelDispatchPacket.kernel(packet, 0),
                new Dim3(KernelDispatchPacket.gridX(packet, 0), KernelDispatchPacket.gridY(packet, 0),
                        KernelDispatchPacket.gridZ(packet, 0)),
                new Dim3(KernelDispatchPacket.blockX(packet, 0), KernelDispatchPacket.blockY(packet, 0),
                        KernelDispatchPacket.blockZ(packet, 0)),
                KernelDispatchPacket.parameters(packet, 0), KernelDispatchPacket.sharedBytes(packet, 0),
                watchdog <= 0 ? Long.MAX_VALUE : watchdog,
                ++gridNumber);
    }

    /** Gives free units to grids that have blocks left, in turn. */
    private void assign() {
        if (resetting != null) {
            return;
        }
        for (Unit unit : units) {
            if (unit.free() && !take(unit)) {
                break;
            }
        }
        updateYields();
    }

    /** Gives a unit without a block something to do; false if there is nothing. */
    private boolean take(Unit unit) {
        int levels = unit.savedLevels() | levelsWaiting();
        if (levels == 0) {
            return false;
        }
        int level = unit.turnAmong(levels);
        Grid resumed = unit.resume(level);
        if (resumed != null) {
            resumed.unitBegan();
            agenda.afterAbout(CONTEXT_NANOS, CONTEXT_SPREAD, "gd.resume", () -> slice(unit, resumed));
            return true;
        }
        Grid grid = nextGrid(level);
        if (grid == null) { // a slice that runs now, outside the exclusion, has begun its last block meanwhile
            return take(unit);
        }
        unit.assign(grid);
        grid.unitBegan();
        agenda.afterAbout(0, UNIT_SPREAD, "gd.block", () -> slice(unit, grid));
        return true;
    }

    /** Bit per priority of which a kernel has blocks that no unit has begun. */
    private int levelsWaiting() {
        int levels = 0;
        for (Grid grid : grids) {
            levels |= grid.hasNext() ? 1 << grid.priority() : 0;
        }
        return levels;
    }

    private @Nullable Grid nextGrid(int level) {
        turn++;
        for (int i = 0; i < grids.size(); i++) {
            Grid grid = grids.get((turn + i & Integer.MAX_VALUE) % grids.size());
            if (grid.priority() == level && grid.hasNext()) {
                return grid;
            }
        }
        return null;
    }

    /** Where slices take real time, those of a kernel that is to make room end early. */
    private void updateYields() {
        if (agenda.realTime()) {
            int waiting = levelsWaiting();
            for (Grid grid : grids) {
                grid.makeWay(waiting >>> grid.priority() + 1 != 0);
            }
        }
    }

    private void slice(Unit unit, Grid grid) {
        if (unit.grid() != grid) {
            return;
        }
        unit.at(agenda.nanos());
        long number = ++sliceNumber;
        slices.add(number);
        long budget = budget(unit, grid);
        agenda.offload("gd.slice", () -> {
            Unit.Slice slice = unit.run(grid, budget);
            return () -> ended(unit, grid, number, slice);
        });
    }

    /**
     * A block that has run for very long may be hung. In real time one such block of a kernel is favoured over its equals, so that the watchdog decides after the
     * time of one block and not of all that are resident.
     */
    private long budget(Unit unit, Grid grid) {
        boolean favoured = agenda.realTime() && unit.blockInstructions() > LONG_BLOCK_INSTRUCTIONS && grid.favours(unit);
        return favoured ? FAVOURED_INSTRUCTIONS : SLICE_INSTRUCTIONS;
    }

    private void ended(Unit unit, Grid grid, long number, Unit.Slice slice) {
        slices.remove(number);
        if (!unit.inBlock()) {
            grid.unfavour(unit);
        }
        instructions += slice.instructions();
        engineBlocks[engineOf(unit)] += slice.blocks();
        if (resetting != null) {
            finishReset();
            return;
        }
        if (slice.instructions() > 0) {
            grid.packet().progressed();
        }
        if (slice.fault() != null) {
            fail(grid, withLevel(KernelFaults.block(slice.fault().fault(), grid.textAddress()), grid.packet().context()));
        }
        agenda.after(agenda.paced(unit.nanosFor(slice.instructions())), "gd.next", () -> next(unit, grid));
    }

    /** Decides what a unit does after a slice. */
    private void next(Unit unit, Grid grid) {
        if (unit.grid() != grid) {
            return;
        }
        if (faults.hung(Engine.COMPUTE)) {
            stalled.add(() -> next(unit, grid));
            return;
        }
        if (!grid.stopped() && goesOn(unit, grid)) {
            slice(unit, grid);
            return;
        }
        if (!grid.stopped() && unit.inBlock()) {
            unit.save();
            unit.moving(true);
            trace("aside", grid);
            agenda.afterAbout(CONTEXT_NANOS, CONTEXT_SPREAD, "gd.save", () -> saved(unit));
        } else {
            unit.release();
        }
        grid.unitEnded();
        endIfOver(grid);
        assign();
    }

    private void saved(Unit unit) {
        if (units.contains(unit)) {
            unit.moving(false);
            take(unit);
            updateYields();
        }
    }

    /** Whether the unit stays with its grid: in the middle of a block unless another priority has its turn here, else if nobody else waits. */
    private boolean goesOn(Unit unit, Grid grid) {
        int mine = 1 << grid.priority();
        int waiting = levelsWaiting() | unit.savedLevels();
        if (!unit.inBlock()) {
            return grid.hasNext() && (waiting & ~mine) == 0 && !othersWaiting(grid);
        }
        return (waiting & ~mine) == 0 || unit.keepsTurn(grid.priority(), waiting) || !grid.savable(() -> !refusesToBePutAside(grid));
    }

    private boolean refusesToBePutAside(Grid grid) {
        if (!faults.failsPreemption()) {
            return false;
        }
        agenda.after(agenda.realTime() ? REAL_PREEMPTION_LIMIT : PREEMPTION_LIMIT, "gd.preempt.limit", () -> {
            if (grids.contains(grid) && !grid.stopped()) {
                fail(grid, WorkFault.notPutAside(grid.packet().index()));
                endIfOver(grid);
            }
        });
        return true;
    }

    private void fail(Grid grid, WorkFault why) {
        grid.fail(why);
        units.forEach(unit -> unit.drop(grid));
    }

    private boolean othersWaiting(Grid grid) {
        return grids.size() > 1 && grids.stream().anyMatch(other -> other != grid && other.hasNext());
    }

    private void trace(String what, Grid grid) {
        if (agenda.trace().on()) {
            agenda.trace().record("gd", what, "queue " + grid.packet().queueNumber() + " index " + grid.packet().index());
        }
    }

    private void endIfOver(Grid grid) {
        if (!grid.over() || !grids.remove(grid)) {
            return;
        }
        WorkFault fault = grid.fault();
        if (grid.packet().cancelled()) {
            grid.packet().abandoned();
        } else if (fault != null) {
            grid.packet().failed(fault);
        } else {
            kernels++;
            grid.packet().completed();
        }
    }

    private WorkFault withLevel(WorkFault fault, int context) {
        return fault.memory() && fault.reason() != MmuReason.ECC_ERROR
                ? fault.at(parts.mmu().level(context, fault.address(), fault.access()))
                : fault;
    }

    private int engineOf(Unit unit) {
        return unit.number() / unitsPerEngine();
    }
}
