package dev.openppu.model.dispatch;

import dev.openppu.abi.packet.KernelDispatchPacket;
import dev.openppu.abi.reg.Engine;
import dev.openppu.model.agenda.Agenda;
import dev.openppu.model.command.Packet;
import dev.openppu.model.command.PacketEngine;
import dev.openppu.model.command.WorkFault;
import dev.openppu.model.compute.AccessFault;
import dev.openppu.model.compute.Dim3;
import dev.openppu.model.compute.DispatchRequest;
import dev.openppu.model.compute.InvalidDispatchException;
import dev.openppu.model.compute.KernelLaunch;
import dev.openppu.model.memory.Invalidator;
import dev.openppu.model.memory.Mmu;
import dev.openppu.model.memory.SparseMemory;
import dev.openppu.model.memory.Tlb;
import dev.openppu.model.pcie.HostPort;
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
 * <p>A kernel that fails or is cancelled hands out no more blocks; its packet ends when the last of its slices has.
 */
public final class Dispatcher implements PacketEngine, Invalidator.Users {
    private static final long SETUP_NANOS = 1_500;
    private static final long SETUP_SPREAD = 1_000;
    private static final long SLICE_INSTRUCTIONS = 50_000;
    private static final long UNIT_SPREAD = 64;
    private static final long LONG_BLOCK_INSTRUCTIONS = 5_000_000;
    private static final long FAVOURED_INSTRUCTIONS = 10_000_000;

    private final Agenda agenda;
    private final Parts parts;
    private final DeviceProfile profile;
    private final ComputeRegs registers;
    private final List<Grid> grids = new ArrayList<>();
    private final List<Packet> preparing = new ArrayList<>();
    private final TreeSet<Long> slices = new TreeSet<>();
    private final List<Unit> units = new ArrayList<>();
    private final int[] engineBlocks;
    private long sliceNumber;
    private long gridNumber;
    private long instructions;
    private int kernels;
    private int turn;

    /** Parts of the device that kernels reach. */
    public record Parts(Mmu mmu, Tlb tlb, SparseMemory memory, HostPort host) {}

    public Dispatcher(Agenda agenda, Parts parts, DeviceProfile profile, ComputeRegs registers) {
        this.agenda = agenda;
        this.parts = parts;
        this.profile = profile;
        this.registers = registers;
        this.engineBlocks = new int[profile.computeEngines()];
        makeUnits();
    }

    @Override
    public void submit(Packet packet) {
        preparing.add(packet);
        long index = packet.index();
        agenda.afterAbout(SETUP_NANOS, SETUP_SPREAD, "gd.prepare", () -> {
            if (packet.index() == index && preparing.remove(packet)) {
                prepare(packet);
            }
        });
    }

    @Override
    public void cancelled(Packet packet) {
        if (preparing.remove(packet)) {
            packet.abandoned();
            return;
        }
        for (Grid grid : List.copyOf(grids)) {
            if (grid.packet() == packet) {
                grid.stop();
                endIfOver(grid);
            }
        }
    }

    /** Forgets everything, as a reset does; slices that still run outside the exclusion end soon, unheard. */
    public void reset() {
        grids.forEach(Grid::stop);
        grids.clear();
        preparing.clear();
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
            units.add(new Unit(i, profile.computeUnits(), profile.unitMegahertz()));
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
        for (Unit unit : units) {
            if (unit.free()) {
                Grid grid = nextGrid();
                if (grid == null) {
                    return;
                }
                unit.assign(grid);
                grid.unitBegan();
                agenda.afterAbout(0, UNIT_SPREAD, "gd.block", () -> slice(unit, grid));
            }
        }
    }

    private @Nullable Grid nextGrid() {
        Grid chosen = null;
        turn++;
        for (int i = 0; i < grids.size(); i++) {
            Grid grid = grids.get((turn + i & Integer.MAX_VALUE) % grids.size());
            boolean better = chosen == null || grid.packet().highPriority() && !chosen.packet().highPriority();
            if (better && grid.hasNext()) {
                chosen = grid;
            }
        }
        return chosen;
    }

    private void slice(Unit unit, Grid grid) {
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
        if (slice.fault() != null) {
            grid.fail(withLevel(KernelFaults.block(slice.fault().fault(), grid.textAddress()), grid.packet().context()));
        }
        agenda.after(agenda.paced(unit.nanosFor(slice.instructions())), "gd.next", () -> {
            boolean goesOn = !grid.stopped() && (unit.inBlock() || grid.hasNext() && !othersWaiting(grid));
            if (goesOn) {
                slice(unit, grid);
                return;
            }
            unit.release();
            grid.unitEnded();
            endIfOver(grid);
            assign();
        });
    }

    private boolean othersWaiting(Grid grid) {
        return grids.size() > 1 && grids.stream().anyMatch(other -> other != grid && other.hasNext());
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
        return fault.memory() ? fault.at(parts.mmu().level(context, fault.address(), fault.access())) : fault;
    }

    private int engineOf(Unit unit) {
        return unit.number() / unitsPerEngine();
    }
}
