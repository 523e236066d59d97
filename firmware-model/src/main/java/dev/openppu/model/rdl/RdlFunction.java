package dev.openppu.model.rdl;

import dev.openppu.hal.LinkException;
import dev.openppu.hal.ResetKind;
import dev.openppu.hal.mmio.MmioTrap;
import dev.openppu.model.pcie.FunctionIdentity;
import dev.openppu.model.pcie.FunctionIdentity.BarLayout;
import dev.openppu.model.pcie.FunctionLogic;
import dev.openppu.model.pcie.HostPort;
import dev.openppu.model.pcie.MsixTableView;
import dev.openppu.rdl.live.LevelHook;
import dev.openppu.rdl.live.LiveRegisters;
import dev.openppu.rdl.live.UnmappedRegisterException;
import dev.openppu.rdl.path.LocatedNode;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/**
 * A map behind a PCIe function: one BAR shows it, another the MSI-X table.
 *
 * <p>A read that no register takes, for want of one or by its width, answers all ones, a write that none takes goes nowhere: as if
 * nobody had claimed them. A cold reset is the map's power-on; the others are its default reset, which fields with a reset signal of
 * their own survive.
 */
final class RdlFunction implements FunctionLogic {

    private static final long SMALLEST_BAR = 1L << 12;
    private static final long LARGEST_BAR = 1L << 46;
    private static final long LARGEST_32_BIT_BAR = 1L << 29;
    private static final int LAST_BAR = 5;
    /** Other, a device that fits no defined class. */
    private static final int CLASS_UNASSIGNED = 0xff0000;

    private final RdlOptions options;
    private final HostPort host;
    private final LiveRegisters live;
    private final InterruptOutputs outputs;
    private final MsixBar msix;
    private final List<LevelHook> listeners = new CopyOnWriteArrayList<>();
    private boolean running;

    RdlFunction(HostPort host, RdlOptions options) {
        this.options = options;
        this.host = host;
        this.live = live(options);
        this.outputs = new InterruptOutputs(live.locator());
        this.msix = new MsixBar(host, outputs.count());
        live.onInterrupts(this::interruptChanged);
    }

    private static LiveRegisters live(RdlOptions options) {
        try {
            return new LiveRegisters(options.map());
        } catch (IllegalArgumentException e) {
            throw new LinkException("the map " + options.map().name() + " cannot live: " + e.getMessage(), e);
        }
    }

    LiveRegisters live() {
        return live;
    }

    InterruptOutputs outputs() {
        return outputs;
    }

    void listen(LevelHook listener) {
        listeners.add(listener);
    }

    void unlisten(LevelHook listener) {
        listeners.remove(listener);
    }

    private void interruptChanged(long address, boolean level) {
        if (level && running) {
            int vector = outputs.vector(address);
            if (vector >= 0) {
                host.interrupt(vector);
            }
        }
        listeners.forEach(listener -> listener.levelChanged(address, level));
    }

    // ---- PCIe

    @Override
    public FunctionIdentity identity() {
        BarLayout registers = registerBar();
        int other = msixBar(registers);
        List<BarLayout> bars = Stream.of(registers, msix.layout(other)).sorted(Comparator.comparingInt(BarLayout::index)).toList();
        return new FunctionIdentity(options.vendor(), options.device(), 0, CLASS_UNASSIGNED, options.vendor(), options.device(), 0, bars,
                msix.place(other), 0, List.of());
    }

    private BarLayout registerBar() {
        long bytes = Math.max(SMALLEST_BAR, options.map().elementSize());
        long size = Long.highestOneBit(bytes) == bytes ? bytes : Long.highestOneBit(bytes) << 1;
        boolean wide = options.bar() < LAST_BAR;
        if (size > LARGEST_BAR || size <= 0 || !wide && size > LARGEST_32_BIT_BAR) {
            throw new LinkException("the map %s has 0x%x bytes, too many for BAR%d".formatted(options.map().name(), bytes, options.bar()));
        }
        return new BarLayout(options.bar(), size, size, wide, false);
    }

    private static int msixBar(BarLayout registers) {
        return registers.index() + (registers.wide() ? 1 : 0) < LAST_BAR ? LAST_BAR : 0;
    }

    @Override
    public MmioTrap bar(int index) {
        return index == options.bar() ? new Registers() : msix;
    }

    /** The map, as software reaches it. */
    private final class Registers implements MmioTrap {
        @Override
        public long read(long offset, int bytes) {
            try {
                return live.read(offset, bytes);
            } catch (UnmappedRegisterException e) {
                return -1L >>> Long.SIZE - Byte.SIZE * bytes;
            }
        }

        @Override
        public void write(long offset, int bytes, long value) {
            try {
                live.write(offset, bytes, value);
            } catch (UnmappedRegisterException e) {
                // Nobody claims it.
            }
        }
    }

    @Override
    public MsixTableView msix() {
        return msix;
    }

    @Override
    public void reset(ResetKind kind) {
        running = true;
        msix.reset();
        if (kind == ResetKind.COLD) {
            live.reset();
        } else {
            live.reset("");
        }
    }

    @Override
    public boolean transactionsPending() {
        return false;
    }

    @Override
    public String describe(int bar, long offset) {
        return bar == options.bar() ? live.locator().at(offset).stream().findFirst().map(LocatedNode::path).orElse("") : "";
    }
}
