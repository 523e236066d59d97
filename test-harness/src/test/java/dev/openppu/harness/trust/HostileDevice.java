package dev.openppu.harness.trust;

import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.LinkRuntime;
import dev.openppu.hal.dma.DmaAccess;
import dev.openppu.hal.dma.DmaMapping;
import dev.openppu.hal.dma.DmaSpace;
import dev.openppu.hal.mmio.Mmio;
import dev.openppu.harness.bringup.DefectiveLink;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A device that lies: its registers answer what a seed says, and it scribbles over every piece of host memory that it may write. It does what any PCIe function could do that
 * someone took over, and no more: what is not mapped for it, or only for reading, it cannot touch.
 */
final class HostileDevice extends DefectiveLink {
    private static final long[] LIES = {0, -1, 1, 0x7fff_ffff, 0xffff_ffffL, Long.MAX_VALUE, Long.MIN_VALUE};

    private static final int PAGE = 4096;
    private static final int LINE = 64;

    private final Random chance;
    private final List<DmaMapping> reachable = new CopyOnWriteArrayList<>();
    private final double lying;
    private final LinkRuntime.Worker scribbler;
    private volatile boolean armed;
    private volatile boolean ended;

    /**
     * @param lying how many of a thousand register reads are lies
     * @param scribbleNanos mean time between two scribbles
     */
    HostileDevice(DeviceLink sound, long seed, int lying, int scribbleNanos) {
        super(sound);
        this.chance = new Random(seed);
        this.lying = lying / 1000.0;
        this.scribbler = sound.runtime().start("hostile", () -> scribble(sound.runtime(), scribbleNanos));
    }

    /** From now on it is hostile. */
    void arm() {
        armed = true;
    }

    private void scribble(LinkRuntime runtime, int meanNanos) {
        while (!ended) {
            runtime.sleep(1 + chance.nextInt(2 * meanNanos));
            if (armed && !reachable.isEmpty()) {
                scribbleOnce();
                runtime.wake();
            }
        }
    }

    private void scribbleOnce() {
        DmaMapping target = reachable.get(chance.nextInt(reachable.size()));
        MemorySegment memory = target.memory();
        long at = place(memory.byteSize());
        try {
            memory.set(ValueLayout.JAVA_LONG, at, lie(memory.get(ValueLayout.JAVA_LONG, at)));
        } catch (IllegalStateException e) {
            reachable.remove(target); // unmapped meanwhile: out of its reach
        }
    }

    /** What hosts look at, counters and signals, stands at the begin of pages and cache lines. */
    private long place(long bytes) {
        long page = chance.nextLong((bytes + PAGE - 1) / PAGE) * PAGE;
        long within = chance.nextInt(4) == 0 ? chance.nextInt(PAGE) & -Long.BYTES : chance.nextInt(4) * LINE;
        return Math.min(page + within, bytes - Long.BYTES);
    }

    private long lie(long truth) {
        return switch (chance.nextInt(4)) {
            case 0 -> truth ^ 1L << chance.nextInt(64);
            case 1 -> chance.nextLong();
            case 2 -> truth + chance.nextInt(9) - 4;
            default -> LIES[chance.nextInt(LIES.length)];
        };
    }

    @Override
    public Mmio bar(int index) {
        return through(super.bar(index), new Trap() {
            @Override
            public long read(long offset, int bytes) {
                long truth = super.read(offset, bytes);
                if (!armed || chance.nextDouble() >= lying) {
                    return truth;
                }
                long lie = lie(truth);
                return bytes == Long.BYTES ? lie : lie & (1L << 8 * bytes) - 1;
            }
        });
    }

    @Override
    public DmaSpace dma() {
        return new Dma(super.dma()) {
            @Override
            public DmaMapping allocate(long bytes, DmaAccess access) {
                DmaMapping mapping = super.allocate(bytes, access);
                if (access != DmaAccess.DEVICE_READS) {
                    reachable.add(mapping);
                }
                return mapping;
            }
        };
    }

    @Override
    public void close() {
        ended = true;
        runtime().wake();
        scribbler.join(LinkRuntime.NEVER);
        super.close();
    }
}
