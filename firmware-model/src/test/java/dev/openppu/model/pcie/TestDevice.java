package dev.openppu.model.pcie;

import dev.openppu.hal.LinkIdentity;
import dev.openppu.hal.ResetKind;
import dev.openppu.hal.mmio.MmioTrap;
import dev.openppu.model.link.ModelLink;
import dev.openppu.model.sim.World;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * A device with nothing in it but what a test puts there: BAR0 a few registers with hooks, BAR2 a resizable memory, BAR4 an MSI-X table of {@link #VECTORS}
 * vectors.
 */
public final class TestDevice implements FunctionLogic {
    public static final int VECTORS = 70;
    public static final int TABLE = 0x800;
    public static final int PENDING = 0x2000;
    public static final long SMALLEST = 1L << 20;
    public static final long LARGEST = 1L << 37;

    public final HostPort host;
    public final World world;
    public final List<ResetKind> resets = new ArrayList<>();
    public final List<String> accesses = new ArrayList<>();
    public final List<Long> sizes = new ArrayList<>();
    public boolean pendingTransactions;
    /** What of it can be mapped, if anything. */
    public Optional<SharedBars> shared = Optional.empty();
    private final Map<Long, Long> registers = new HashMap<>();
    private final Map<Long, LongConsumer> writeHooks = new HashMap<>();
    private final Map<Long, LongSupplier> readHooks = new HashMap<>();
    private final TreeMap<Long, Byte> memory = new TreeMap<>();
    private final int[] table = new int[VECTORS * 4];
    private final long[] pending = new long[(VECTORS + 63) / 64];

    private TestDevice(World world, HostPort host) {
        this.world = world;
        this.host = host;
    }

    /** A device and its link. */
    public record Bench(World world, ModelLink link, TestDevice device) implements AutoCloseable {
        @Override
        public void close() {
            link.close();
        }
    }

    /** Makes one for somebody else's function. */
    public static FunctionLogic.Factory factory(Consumer<TestDevice> made) {
        return (world, host) -> {
            TestDevice device = new TestDevice(world, host);
            made.accept(device);
            return device;
        };
    }

    public static Bench open(World world) {
        TestDevice[] made = new TestDevice[1];
        ModelLink link = new ModelLink(world, new LinkIdentity("test:", "0000:01:00.0", "test device", true),
                (w, h) -> made[0] = new TestDevice(w, h));
        return new Bench(world, link, made[0]);
    }

    public void onWrite(long offset, LongConsumer hook) {
        writeHooks.put(offset, hook);
    }

    public void onRead(long offset, LongSupplier hook) {
        readHooks.put(offset, hook);
    }

    public long register(long offset) {
        return registers.getOrDefault(offset, 0L);
    }

    public void register(long offset, long value) {
        registers.put(offset, value);
    }

    @Override
    public FunctionIdentity identity() {
        return new FunctionIdentity(0x1ded, 0x6001, 3, 0x030200, 0x1ded, 0x4f50, 0x1122_3344_5566_7788L, List.of(
                new FunctionIdentity.BarLayout(0, 1 << 16, 1 << 16, false, false),
                new FunctionIdentity.BarLayout(2, SMALLEST, LARGEST, true, true),
                new FunctionIdentity.BarLayout(4, 1 << 14, 1 << 14, true, false)), new FunctionIdentity.Msix(VECTORS, 4, TABLE, 4, PENDING),
                1, List.of(
                        0x5550504f, 0x10000, 9));
    }

    @Override
    public MmioTrap bar(int index) {
        return switch (index) {
            case 0 -> new Registers();
            case 2 -> new Memory();
            case 4 -> new Table();
            default -> throw new IllegalArgumentException("BAR" + index);
        };
    }

    @Override
    public MsixTableView msix() {
        return new View();
    }

    @Override
    public void reset(ResetKind kind) {
        resets.add(kind);
        registers.clear();
        for (int v = 0; v < VECTORS; v++) {
            table[4 * v + 3] = 1;
        }
        java.util.Arrays.fill(pending, 0);
    }

    @Override
    public boolean transactionsPending() {
        return pendingTransactions;
    }

    @Override
    public void barResized(int index, long bytes) {
        sizes.add(bytes);
    }

    @Override
    public Optional<SharedBars> share() {
        return shared;
    }

    @Override
    public String describe(int bar, long offset) {
        return bar == 0 ? "r" + offset : "";
    }

    private final class Registers implements MmioTrap {
        @Override
        public long read(long offset, int bytes) {
            accesses.add("r" + offset);
            LongSupplier hook = readHooks.get(offset);
            return hook == null ? register(offset) : hook.getAsLong();
        }

        @Override
        public void write(long offset, int bytes, long value) {
            accesses.add("w" + offset + "=" + value);
            registers.put(offset, value);
            LongConsumer hook = writeHooks.get(offset);
            if (hook != null) {
                hook.accept(value);
            }
        }
    }

    private final class Memory implements MmioTrap {
        @Override
        public long read(long offset, int bytes) {
            long value = 0;
            for (int i = 0; i < bytes; i++) {
                value |= (memory.getOrDefault(offset + i, (byte) 0) & 0xffL) << 8 * i;
            }
            return value;
        }

        @Override
        public void write(long offset, int bytes, long value) {
            for (int i = 0; i < bytes; i++) {
                memory.put(offset + i, (byte) (value >>> 8 * i));
            }
        }
    }

    private final class Table implements MmioTrap {
        @Override
        public long read(long offset, int bytes) {
            if (bytes == 8) {
                return offset >= PENDING ? pending[(int) (offset - PENDING) / 8] : -1;
            }
            return table[(int) (offset - TABLE) / 4] & 0xffff_ffffL;
        }

        @Override
        public void write(long offset, int bytes, long value) {
            int word = (int) (offset - TABLE) / 4;
            table[word] = (int) value;
            host.vectorChanged(word / 4);
        }
    }

    private final class View implements MsixTableView {
        @Override
        public long address(int vector) {
            return (long) table[4 * vector + 1] << 32 | table[4 * vector] & 0xffff_ffffL;
        }

        @Override
        public int data(int vector) {
            return table[4 * vector + 2];
        }

        @Override
        public boolean masked(int vector) {
            return (table[4 * vector + 3] & 1) != 0;
        }

        @Override
        public boolean pending(int vector) {
            return (pending[vector / 64] >>> vector % 64 & 1) != 0;
        }

        @Override
        public void setPending(int vector, boolean on) {
            long bit = 1L << vector % 64;
            pending[vector / 64] = on ? pending[vector / 64] | bit : pending[vector / 64] & ~bit;
        }
    }

    /** Runs on the device: as an event, soon. */
    public void run(Runnable action) {
        world.exclusively(() -> world.after(0, "test", action));
    }

    public MemorySegment zeros(int bytes) {
        return MemorySegment.ofArray(new byte[bytes]);
    }
}
