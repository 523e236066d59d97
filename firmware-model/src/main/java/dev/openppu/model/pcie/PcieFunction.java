package dev.openppu.model.pcie;

import dev.openppu.hal.ResetKind;
import dev.openppu.hal.mmio.MmioTrap;
import dev.openppu.hal.pci.PciRegister.Command;
import dev.openppu.hal.pci.PciRegister.Express;
import dev.openppu.hal.pci.PciRegister.Header;
import dev.openppu.hal.pci.PciRegister.Msix;
import dev.openppu.model.fault.FaultInjector;
import dev.openppu.model.fault.FaultPlan;
import dev.openppu.model.sim.Chance;
import dev.openppu.model.sim.World;
import java.lang.foreign.MemorySegment;
import java.util.Locale;
import java.util.function.IntConsumer;

/**
 * One PCI Express endpoint function: takes config and memory requests in PCIe order, answers them from config space or the logic behind the BARs, and goes through
 * resets and power states.
 *
 * <p>Order (2.4.1): memory writes are posted and arrive in order, some time later; reads and config requests push the writes before them ahead, and their
 * completions push the function's own writes ahead.
 *
 * <p>Every method is called under the world's exclusion.
 */
public final class PcieFunction {
    private static final long FASTEST_WRITE_NANOS = 50;
    private static final long SLOWEST_WRITE_NANOS = 800;
    /** A larger burst does not wait in the queue: it pushes what is before it and arrives at once. */
    private static final long LARGEST_QUEUED_BURST = 1 << 16;
    private static final byte ALL_ONES = -1;
    private static final String ACTOR = "pcie";

    private final World world;
    private final Chance chance;
    private final FunctionIdentity identity;
    private final FunctionLogic logic;
    private final ConfigLayout layout;
    private final ConfigBytes config;
    private final BarDecoder decoder;
    private final ResizableBars resizable;
    private final PowerState power;
    private final FunctionErrors errors;
    private final UpstreamPort upstream;
    private final PostedWrites downstream;
    private final MsixUnit msix;
    private final MmioTrap[] bars = new MmioTrap[Header.BARS];
    private final ReadinessTimes readiness;
    private final FaultPlan faults;
    private boolean removed;
    private boolean off;
    private boolean ready;
    private int resets;

    /** @param injector meets its function here */
    public PcieFunction(World world, Iommu iommu, InterruptController interrupts, FaultInjector injector, FunctionLogic.Factory factory) {
        this.world = world;
        faults = injector.plan();
        chance = world.chance().stream("pcie");
        readiness = world.simulated() ? ReadinessTimes.SIMULATED : ReadinessTimes.FREE_RUNNING;
        upstream = new UpstreamPort(world, iommu, interrupts, faults, this::noteRefusedRead, this::turnedOff);
        logic = factory.create(world, upstream);
        identity = logic.identity();
        layout = FunctionConfig.of(identity);
        config = new ConfigBytes(layout);
        decoder = new BarDecoder(identity.bars());
        resizable = new ResizableBars(identity, config, decoder, logic);
        errors = new FunctionErrors(config);
        power = new PowerState(world, config, () -> readiness.afterD3(chance), this::applyConfig);
        msix = new MsixUnit(identity.msix().vectors(), logic.msix(), upstream);
        upstream.connect(msix);
        downstream = new PostedWrites(world, "mmio-arrives", FASTEST_WRITE_NANOS, SLOWEST_WRITE_NANOS, new Arrivals());
        identity.bars().forEach(b -> bars[b.index()] = logic.bar(b.index()));
        injector.connect(new Misfortune());
        reset(ResetKind.COLD);
    }

    public FunctionIdentity identity() {
        return identity;
    }

    public FunctionLogic logic() {
        return logic;
    }

    // ---------------------------------------------------------------- config requests

    /**
     * @param bytes 1, 2 or 4
     * @return zero-extended; all ones while the function is not ready
     */
    public int configRead(int offset, int bytes) {
        downstream.flush();
        int value = ready ? configNow(offset, bytes) : -1 >>> 32 - 8 * bytes;
        upstream.flush();
        traceConfig("config-read", offset, bytes, value);
        return value;
    }

    private int configNow(int offset, int bytes) {
        boolean pending = upstream.pending() || logic.transactionsPending();
        config.replace(FunctionConfig.EXPRESS + Express.DEVICE_STATUS, 2, Express.TRANSACTIONS_PENDING,
                pending ? Express.TRANSACTIONS_PENDING : 0);
        return config.read(offset, bytes);
    }

    /** @param bytes 1, 2 or 4; goes nowhere while the function is not ready */
    public void configWrite(int offset, int bytes, int value) {
        downstream.flush();
        traceConfig("config-write", offset, bytes, value);
        if (!ready) {
            return;
        }
        boolean decodingOn = commandHas(Command.MEMORY_SPACE_ENABLE);
        config.write(offset, bytes, value);
        if (initiatesFunctionReset(offset, bytes, value)) {
            reset(ResetKind.FUNCTION_LEVEL);
            return;
        }
        power.configWritten();
        errors.configWritten();
        resizable.configWritten(decodingOn);
        applyConfig();
    }

    private static boolean initiatesFunctionReset(int offset, int bytes, int value) {
        int controlHigh = FunctionConfig.EXPRESS + Express.DEVICE_CONTROL + 1;
        return controlHigh >= offset && controlHigh < offset + bytes
                && (value >>> 8 * (controlHigh - offset) & Express.INITIATE_FLR >>> 8) != 0;
    }

    private boolean commandHas(int bit) {
        return (config.read(Header.COMMAND, 2) & bit) != 0;
    }

    /** What config space says now takes effect. */
    private void applyConfig() {
        boolean operational = ready && power.operational();
        decoder.update(config, operational && commandHas(Command.MEMORY_SPACE_ENABLE));
        upstream.allowRequests(operational && commandHas(Command.BUS_MASTER_ENABLE));
        msix.control(config.read(FunctionConfig.MSIX + Msix.MESSAGE_CONTROL, 2));
    }

    // ---------------------------------------------------------------- memory requests

    /**
     * @param bytes 1, 2, 4 or 8
     * @return all ones if nothing answers at this address
     */
    public long read(long address, int bytes) {
        downstream.flush();
        int bar = decoder.decode(address, bytes);
        long value = bar == BarDecoder.NONE ? -1L >>> 64 - 8 * bytes : bars[bar].read(address - decoder.base(bar), bytes);
        if (bar == BarDecoder.NONE) {
            refuse(false);
        }
        upstream.flush();
        if (world.trace().on()) {
            trace(world.hostActor(), "mmio-read", place(address, bytes) + " = 0x" + Long.toHexString(value));
        }
        return value;
    }

    public void read(long address, MemorySegment destination) {
        downstream.flush();
        int bar = decoder.decode(address, destination.byteSize());
        if (bar == BarDecoder.NONE) {
            destination.fill(ALL_ONES);
            refuse(false);
        } else {
            bars[bar].readBytes(address - decoder.base(bar), destination);
        }
        upstream.flush();
        if (world.trace().on()) {
            trace(world.hostActor(), "mmio-read-burst", place(address, destination.byteSize()));
        }
    }

    /**
     * Posted.
     *
     * @param bytes 1, 2, 4 or 8
     */
    public void write(long address, int bytes, long value) {
        if (world.trace().on()) {
            trace(world.hostActor(), "mmio-write", place(address, bytes) + " = 0x" + Long.toHexString(value));
        }
        downstream.post(address, bytes, value);
    }

    /** Posted. */
    public void write(long address, MemorySegment source) {
        if (world.trace().on()) {
            trace(world.hostActor(), "mmio-write-burst", place(address, source.byteSize()));
        }
        if (source.byteSize() > LARGEST_QUEUED_BURST) {
            downstream.flush();
            new Arrivals().arrive(address, source);
        } else {
            downstream.post(address, source);
        }
    }

    /** Where posted writes end. */
    private final class Arrivals implements PostedWrites.Receiver {
        @Override
        public void arrive(long address, int bytes, long value) {
            int bar = decoder.decode(address, bytes);
            if (bar == BarDecoder.NONE) {
                refuse(true);
                return;
            }
            if (world.simulated() && world.trace().on()) {
                trace(ACTOR, "mmio-arrives", place(address, bytes) + " = 0x" + Long.toHexString(value));
            }
            bars[bar].write(address - decoder.base(bar), bytes, value);
        }

        @Override
        public void arrive(long address, MemorySegment content) {
            int bar = decoder.decode(address, content.byteSize());
            if (bar == BarDecoder.NONE) {
                refuse(true);
            } else {
                bars[bar].writeBytes(address - decoder.base(bar), content);
            }
        }
    }

    private void refuse(boolean posted) {
        if (ready) {
            errors.unsupportedRequest(posted);
        }
    }

    private void noteRefusedRead() {
        world.exclusively(errors::masterAbortReceived);
    }

    // ---------------------------------------------------------------- requests of a bus that decodes by itself

    /** As {@link #read(long, MemorySegment)}, at a place in a BAR wherever software has put it. A single access of 1, 2, 4 or 8 bytes is one. */
    public void readBar(int bar, long offset, MemorySegment destination) {
        downstream.flush();
        if (!decoder.decodes(bar, offset, destination.byteSize())) {
            destination.fill(ALL_ONES);
            refuse(false);
        } else {
            SingleAccess.read(bars[bar], offset, destination);
        }
        upstream.flush();
    }

    /** As {@link #write(long, MemorySegment)}, at a place in a BAR wherever software has put it. A single access of 1, 2, 4 or 8 bytes is one. */
    public void writeBar(int bar, long offset, MemorySegment source) {
        downstream.flush();
        if (decoder.decodes(bar, offset, source.byteSize())) {
            SingleAccess.write(bars[bar], offset, source);
        } else {
            refuse(true);
        }
    }

    /** Interrupt messages go there by their vectors from now on, whatever address software has given them. */
    public void deliverInterruptsTo(IntConsumer vectors) {
        upstream.deliverTo(vectors);
    }

    /** Where the MSI-X capability is. */
    public int msixCapability() {
        return FunctionConfig.MSIX;
    }

    /** Clears the mask in a vector's entry of the MSI-X table, as software does. */
    public void unmaskVector(int vector) {
        MsixUnit.unmask(bars, identity.msix(), vector);
    }

    /** Whether config requests are answered: not for a while after a reset. */
    public boolean ready() {
        return ready;
    }

    // ---------------------------------------------------------------- upstream

    /** Everything that the function has sent to the host arrives now. */
    public void flushUpstream() {
        upstream.flush();
    }

    // ---------------------------------------------------------------- resets

    /**
     * Resets the function. A function-level reset lets what is under way arrive; the others cut the link, so that only the earliest of it does. Then the function
     * does not answer for a while. A device that is not there takes none, one without power only a cold one.
     */
    public void reset(ResetKind kind) {
        if (removed || off && kind != ResetKind.COLD) {
            return;
        }
        off = false;
        if (kind == ResetKind.FUNCTION_LEVEL) {
            downstream.flush();
            upstream.flush();
        } else {
            downstream.cut();
            upstream.cut();
        }
        int epoch = beginAnew(kind);
        long nanos = readiness.afterReset(kind, chance);
        long extra = faults.extraNanos(kind);
        if (extra != FaultPlan.NEVER) {
            world.after(nanos + extra, "function-ready", () -> becomeReady(epoch));
        }
    }

    private int beginAnew(ResetKind kind) {
        ready = false;
        config.reset(kind);
        power.reset();
        applyConfig();
        logic.reset(kind);
        resizable.reset();
        faults.functionReset();
        if (world.trace().on()) {
            trace(ACTOR, "reset", kind.name());
        }
        return ++resets;
    }

    private void becomeReady(int epoch) {
        if (epoch == resets) {
            ready = true;
            applyConfig();
        }
    }

    /** The device has no power: as if it were not there, until a cold reset. */
    private void turnedOff() {
        off = true;
        downstream.cut();
        upstream.cut();
        beginAnew(ResetKind.COLD);
    }

    /** What a test does to the function. */
    private final class Misfortune implements FaultInjector.Function {
        @Override
        public void interrupt(int vector) {
            upstream.interrupt(vector);
        }

        @Override
        public void remove() {
            if (removed) {
                return;
            }
            removed = true;
            downstream.cut();
            upstream.cut();
            beginAnew(ResetKind.COLD);
        }

        @Override
        public void restore() {
            if (removed) {
                removed = false;
                reset(ResetKind.COLD);
            }
        }
    }

    // ---------------------------------------------------------------- trace

    private void traceConfig(String kind, int offset, int bytes, int value) {
        if (world.trace().on()) {
            trace(world.hostActor(), kind,
                    String.format(Locale.ROOT, "0x%03x %s bytes=%d = 0x%x", offset, layout.nameAt(offset), bytes, value));
        }
    }

    private void trace(String actor, String kind, String detail) {
        world.trace().record(actor, kind, detail);
    }

    private String place(long address, long bytes) {
        int bar = decoder.decode(address, bytes);
        if (bar == BarDecoder.NONE) {
            return "address 0x" + Long.toHexString(address) + " (no BAR) bytes=" + bytes;
        }
        long offset = address - decoder.base(bar);
        String name = logic.describe(bar, offset);
        return "bar" + bar + "+0x" + Long.toHexString(offset) + (name.isEmpty() ? "" : " " + name) + " bytes=" + bytes;
    }
}
