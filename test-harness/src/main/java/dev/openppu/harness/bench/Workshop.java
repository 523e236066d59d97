package dev.openppu.harness.bench;

import dev.openppu.abi.memory.PageTableEntry;
import dev.openppu.abi.packet.Signal;
import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.dma.DmaAccess;
import dev.openppu.hal.dma.DmaMapping;
import dev.openppu.harness.CheckFailedException;
import java.util.ArrayList;
import java.util.List;

/**
 * An address space with host memory, device memory and queues for one case, everything made by hand; taken back at the end.
 */
public final class Workshop implements AutoCloseable {
    /** Host memory of the case, readable and writable. */
    public static final long HOST = 0x1000_0000L;
    /** Device memory of the case. */
    public static final long DEVICE = 0x40_0000_0000L;
    /** Completion signals. */
    public static final long SIGNALS = 0x2000_0000L;

    private static final long SIGNAL_NANOS = 10_000_000_000L;
    private static final long SYSTEM_RW = PageTableEntry.READ | PageTableEntry.WRITE | PageTableEntry.SYSTEM;
    private static final int SIGNAL_COUNT = 512;

    private final Bench bench;
    private final DeviceLink link;
    private final BareDevice device;
    private final RawSpace space;
    private final DmaMapping signals;
    private final List<AutoCloseable> opened = new ArrayList<>();
    private final List<RawQueue> queues = new ArrayList<>();
    private int nextSignal;

    Workshop(Bench bench, BareDevice device, RawSpace space) {
        this.bench = bench;
        this.link = bench.link();
        this.device = device;
        this.space = space;
        this.signals = link.dma().allocate((long) SIGNAL_COUNT * Signal.BYTES, DmaAccess.BOTH);
        space.map(SIGNALS, signals.iova(), signals.size(), SYSTEM_RW);
    }

    public RawSpace space() {
        return space;
    }

    /** Another address space on the same device: both write device memory through one window, which only one of two devices could move. */
    public Workshop beside() {
        return bench.workshop(device);
    }

    public Bench bench() {
        return bench;
    }

    /** Host memory mapped for the device and into the space at {@link #HOST} plus {@code offset}. */
    public DmaMapping host(long offset, long bytes) {
        DmaMapping mapping = link.dma().allocate(bytes, DmaAccess.BOTH);
        opened.add(mapping);
        space.map(HOST + offset, mapping.iova(), mapping.size(), SYSTEM_RW);
        return mapping;
    }

    /** Closes {@code resource} with this workshop, after its queues. */
    public <T extends AutoCloseable> T keep(T resource) {
        opened.add(resource);
        return resource;
    }

    /** All host memory that the device may write for this case: buffers, signals, rings. */
    public List<DmaMapping> memory() {
        List<DmaMapping> all = new ArrayList<>(List.of(signals));
        for (AutoCloseable each : opened) {
            switch (each) {
                case DmaMapping mapping -> all.add(mapping);
                case MessageRings rings -> all.addAll(rings.memory());
                default -> {
                    // no memory of the host's
                }
            }
        }
        queues.forEach(queue -> all.addAll(queue.memory()));
        return all;
    }

    /** Device memory in the space at {@link #DEVICE} plus {@code offset}; returns its device memory address. */
    public long device(long offset, long bytes) {
        return space.mapDevice(DEVICE + offset, bytes);
    }

    /** A queue of 256 packets in this space. */
    public RawQueue queue() {
        return queue(RawQueue.Settings.of(8));
    }

    public RawQueue queue(RawQueue.Settings settings) {
        return queue(bench.takeQueue(), settings);
    }

    /** A certain hardware queue, which nobody else uses at present. */
    public RawQueue queue(int number, RawQueue.Settings settings) {
        RawQueue queue = new RawQueue(link, bench.function(), device, bench.doorbells(), number, space, settings);
        queues.add(queue);
        return queue;
    }

    /** The virtual address of a signal that counts down from {@code start}. */
    public long signal(long start) {
        long offset = (long) (nextSignal++ % SIGNAL_COUNT) * Signal.BYTES;
        Signal.publish(signals.memory(), offset, start);
        return SIGNALS + offset;
    }

    /** A signal's value now. */
    public long value(long signal) {
        return Signal.acquire(signals.memory(), signal - SIGNALS);
    }

    /** Stores a signal's value, as another producer would. */
    public void set(long signal, long value) {
        Signal.publish(signals.memory(), signal - SIGNALS, value);
        link.runtime().wake();
    }

    /** Waits for a signal to reach 0; fails if the packet failed or does not complete. */
    public void await(long signal) {
        long value = awaitEnd(signal);
        if (value != 0) {
            throw new CheckFailedException("the packet completes", "it failed: signal " + value + ", " + states());
        }
    }

    /** Waits for a signal to be 0 or less and tells which. */
    public long awaitEnd(long signal) {
        if (!link.runtime().await(() -> value(signal) <= 0, link.runtime().deadline(SIGNAL_NANOS))) {
            throw new CheckFailedException("the packet completes", "signal " + value(signal) + ", " + states());
        }
        return value(signal);
    }

    private String states() {
        StringBuilder text = new StringBuilder();
        for (RawQueue queue : queues) {
            text.append("queue ").append(queue.number()).append(' ').append(queue.state()).append(' ').append(queue.error()).append("; ");
        }
        return text.toString();
    }

    @Override
    public void close() {
        queues.forEach(RawQueue::close);
        space.close();
        opened.forEach(o -> {
            try {
                o.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        signals.close();
    }
}
