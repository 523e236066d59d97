package dev.openppu.driver;

import dev.openppu.abi.code.KernelInfo;
import dev.openppu.abi.packet.AqlHeader;
import dev.openppu.abi.packet.CopyPacket;
import dev.openppu.abi.packet.FillPacket;
import dev.openppu.abi.packet.KernelDispatchPacket;
import dev.openppu.abi.packet.TimestampPacket;
import dev.openppu.abi.packet.WaitValuePacket;
import dev.openppu.abi.packet.WriteValuePacket;
import dev.openppu.driver.client.ArgumentArea;
import dev.openppu.driver.client.Channel;
import dev.openppu.driver.client.CommandQueue;
import dev.openppu.driver.client.Lane;
import dev.openppu.driver.client.Mark;
import dev.openppu.driver.client.StagedCopy;
import dev.openppu.driver.client.Timeline;
import dev.openppu.hal.LinkRuntime;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The packets of one stream. Takes addresses: what they stand for was checked before. Each packet waits for those before it, goes into whatever channel the stream runs in,
 * and keeps the order with the default streams. Thread-safe; allocates nothing but marks.
 */
final class StreamPackets {
    private static final int COPY = CopyPacket.word(true, AqlHeader.SCOPE_SYSTEM, AqlHeader.SCOPE_SYSTEM);
    private static final int FILL = FillPacket.word(true, AqlHeader.SCOPE_SYSTEM, AqlHeader.SCOPE_SYSTEM);
    private static final int WAIT_VALUE = WaitValuePacket.word(true, AqlHeader.SCOPE_SYSTEM, AqlHeader.SCOPE_SYSTEM);
    private static final int WRITE_VALUE = WriteValuePacket.word(true, AqlHeader.SCOPE_SYSTEM, AqlHeader.SCOPE_SYSTEM);
    private static final int BEHIND = WaitValuePacket.COMPARE_LESS_OR_EQUAL | WaitValuePacket.FLAG_64_BIT;
    private static final int TIMESTAMP = TimestampPacket.word(true, AqlHeader.SCOPE_SYSTEM, AqlHeader.SCOPE_SYSTEM);

    private final Stream stream;
    private final Context context;
    private final Timeline timeline;
    private final long submitNanos;
    private final AtomicInteger batches = new AtomicInteger();

    /** @param submitNanos how long a submission may wait for a full queue, {@link LinkRuntime#NEVER} without end */
    StreamPackets(Stream stream, Timeline timeline, long submitNanos) {
        this.stream = stream;
        this.context = stream.context();
        this.timeline = timeline;
        this.submitNanos = submitNanos;
    }

    void copy(long to, long from, long bytes) {
        Lane lane = claim();
        try {
            CopyPacket.encode(lane.ring(), lane.slot(), 0, from, to, bytes, lane.signalAddress());
            lane.submit(COPY);
        } finally {
            release(lane);
        }
    }

    /** Returns when {@code source} may be used again. */
    void copyToDevice(long to, MemorySegment source) {
        prepare();
        new StagedCopy(timeline, COPY, deadline()).toDevice(source, to);
    }

    /** Returns when the bytes are there. */
    void copyToHost(MemorySegment destination, long from) {
        prepare();
        new StagedCopy(timeline, COPY, deadline()).toHost(destination, from);
    }

    void fill(long address, int elementBytes, long pattern, long elements) {
        Lane lane = claim();
        try {
            FillPacket.encode(lane.ring(), lane.slot(), elementBytes, pattern, address, elements, lane.signalAddress());
            lane.submit(FILL);
        } finally {
            release(lane);
        }
    }

    void launch(Kernel kernel, Launch launch, Object... values) {
        KernelInfo info = kernel.info();
        Lane lane = claimWithArguments(info.parameterBytes());
        try {
            ArgumentArea parameters = lane.channel().arguments();
            context.arguments().write(info, values, parameters.memory(), parameters.offset());
            long slot = lane.slot();
            Launch.Extent block = launch.block();
            Launch.Extent grid = launch.grid();
            KernelDispatchPacket.encodeShape(lane.ring(), slot, block.x(), block.y(), block.z(), grid.x(), grid.y(), grid.z(),
                    launch.sharedBytes());
            KernelDispatchPacket.encodeAddresses(lane.ring(), slot, kernel.descriptorAddress(), parameters.address(),
                    lane.signalAddress());
            long target = lane.submit(KernelDispatchPacket.word(true, AqlHeader.SCOPE_SYSTEM, AqlHeader.SCOPE_SYSTEM,
                    Math.max(block.dimensions(), grid.dimensions())));
            parameters.used(info.parameterBytes(), target);
        } finally {
            release(lane);
        }
    }

    /** Takes the turn with a place for a packet and one for its parameters. */
    private Lane claimWithArguments(int bytes) {
        long deadline = deadline();
        while (true) {
            ArgumentArea parameters = timeline.lane().channel().arguments();
            parameters.prepare(bytes);
            Lane lane = claim(1, deadline);
            boolean same = lane.channel().arguments() == parameters;
            long awaited = same ? parameters.claim(bytes) : 0;
            if (same && awaited == 0) {
                return lane;
            }
            release(lane);
            lane.queue().await(awaited, deadline);
        }
    }

    /**
     * A wait that only the host or another stream can end: the stream has a channel for itself from here on, if there is one to be had.
     *
     * @param control how to compare, and {@link WaitValuePacket#FLAG_64_BIT}
     */
    void waitValue(long address, int control, long value) {
        stream.requireOpen();
        Channel held = context.channels().isolate(timeline);
        long target = 0;
        try {
            target = submitWait(address, control, value);
        } finally {
            context.channels().held(held, target);
        }
    }

    private long submitWait(long address, int control, long value) {
        Lane lane = claim();
        try {
            WaitValuePacket.encode(lane.ring(), lane.slot(), control, address, value, lane.signalAddress());
            return lane.submit(WAIT_VALUE);
        } finally {
            release(lane);
        }
    }

    void writeValue(long address, int control, long value) {
        Lane lane = claim();
        try {
            WriteValuePacket.encode(lane.ring(), lane.slot(), control, address, value, lane.signalAddress());
            lane.submit(WRITE_VALUE);
        } finally {
            release(lane);
        }
    }

    /** The mark behind it. */
    Mark timestamp(long address) {
        Lane lane = claim();
        try {
            TimestampPacket.encode(lane.ring(), lane.slot(), address, lane.signalAddress());
            return new Mark(lane.channel(), lane.submit(TIMESTAMP));
        } finally {
            release(lane);
        }
    }

    /** Holds the stream until a point of a channel of its context. */
    void waitFor(Mark mark) {
        if (mark.reached()) {
            return;
        }
        if (mark.channel().held() && mark.channel() != timeline.lane().channel()) { // so will this one be
            Channel held = context.channels().isolate(timeline);
            long target = 0;
            try {
                target = submitWait(mark);
            } finally {
                context.channels().held(held, target);
            }
        } else {
            submitWait(mark);
        }
    }

    private long submitWait(Mark mark) {
        CommandQueue other = mark.channel().queue();
        other.flush(mark.target());
        Lane lane = claim();
        try {
            if (lane.channel() == mark.channel()) {
                lane.follow(mark.target());
                return 0;
            }
            WaitValuePacket.encode(lane.ring(), lane.slot(), BEHIND, other.signalAddress(), other.signalAt(mark.target()),
                    lane.signalAddress());
            return lane.submit(WAIT_VALUE);
        } finally {
            release(lane);
        }
    }

    /** The doorbell is put off until {@link #endBatch}. */
    void beginBatch() {
        batches.incrementAndGet();
    }

    /** Rings for what a batch has put off: who polls waits. */
    void announce() {
        if (batches.get() != 0) {
            timeline.flush();
        }
    }

    /** Rings, if this was the outermost batch. */
    void endBatch() {
        if (batches.decrementAndGet() == 0) {
            timeline.flush();
        }
    }

    private Lane claim() {
        return claim(1, deadline());
    }

    private Lane claim(int packets, long deadline) {
        prepare();
        Lane lane = timeline.claim(packets, deadline);
        if (stream.closed()) {
            lane.release(false);
            throw context.link().closed(stream.toString());
        }
        return lane;
    }

    /** Puts the stream behind what the default streams ask for. */
    void prepare() {
        stream.requireOpen();
        context.defaultStreams().before(stream);
    }

    private void release(Lane lane) {
        lane.release(batches.get() != 0);
    }

    private long deadline() {
        return submitNanos == LinkRuntime.NEVER ? LinkRuntime.NEVER : context.link().runtime().deadline(submitNanos);
    }
}
