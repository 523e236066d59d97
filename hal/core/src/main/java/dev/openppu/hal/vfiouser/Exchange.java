package dev.openppu.hal.vfiouser;

import dev.openppu.hal.posix.Descriptor;
import dev.openppu.hal.vfiouser.protocol.Command;
import dev.openppu.hal.vfiouser.protocol.Header;
import dev.openppu.hal.vfiouser.protocol.Payload;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A command and its reply, with memory of their own, used again and again. The thread that waits owns all of it but between {@link #expect} and the end of {@link #await}: then the reader does,
 * who wins it by {@link #claim}.
 */
final class Exchange {
    private static final int OUTGOING_BYTES = 1024;
    private static final int INCOMING_BYTES = 64;
    private static final int SLOT_BITS = 6;
    private static final int ROUND_MASK = 0xFFFF >>> SLOT_BITS;
    private static final long LOOK_NANOS = Runtime.getRuntime().availableProcessors() > 1 ? 30_000 : 0;

    static final int SLOTS = 1 << SLOT_BITS;

    private static final int IDLE = 0;
    private static final int EXPECTED = 1;
    private static final int CLAIMED = 2;
    private static final int DONE = 3;
    private static final int LOST = 4;

    private final int slot;
    private final MemorySegment outgoing = Arena.ofAuto().allocate(OUTGOING_BYTES, Long.BYTES);
    private final MemorySegment value = Arena.ofAuto().allocate(Long.BYTES, Long.BYTES);
    private final AtomicInteger state = new AtomicInteger(IDLE);
    private final List<Descriptor> descriptors = new ArrayList<>();
    private MemorySegment incoming = Arena.ofAuto().allocate(INCOMING_BYTES, Long.BYTES);
    private volatile @Nullable Thread waiter;
    private volatile long since;
    private int round;
    private int id;
    private Command command = Command.VERSION;
    private int mostReply;
    private int replyBytes;
    private boolean failed;
    private int error;
    private boolean unattended;

    Exchange(int slot) {
        this.slot = slot;
    }

    static int slot(int id) {
        return id & SLOTS - 1;
    }

    // ---------------------------------------------------------------- whoever asks

    /**
     * Writes the command; its payload may go on behind with bytes sent after {@link #outgoing}.
     *
     * @return bytes of header and payload here
     */
    int prepare(Command what, Payload payload, long further, boolean noReply) {
        command = what;
        round = round + 1 & ROUND_MASK;
        id = round << SLOT_BITS | slot;
        Header.command(id, what, payload.bytes() + further, noReply).encode(outgoing);
        payload.encode(outgoing.asSlice(Header.BYTES));
        return Header.BYTES + payload.bytes();
    }

    MemorySegment outgoing() {
        return outgoing;
    }

    /** 8 bytes, for data to be sent behind the payload. */
    MemorySegment value() {
        return value;
    }

    /** Before the command is sent: from here on the reply may come. */
    void expect(int most, boolean nobodyWaits) {
        if (incoming.byteSize() < most) {
            incoming = Arena.ofAuto().allocate(most, Long.BYTES);
        }
        mostReply = most;
        unattended = nobodyWaits;
        waiter = nobodyWaits ? null : Thread.currentThread();
        since = System.nanoTime();
        state.set(EXPECTED);
    }

    /** Waits for the reply. @return {@code false} if there will be none */
    boolean await() {
        long until = System.nanoTime() + LOOK_NANOS;
        boolean interrupted = false;
        while (state.get() < DONE) {
            if (System.nanoTime() < until) {
                Thread.onSpinWait();
            } else {
                LockSupport.park(this);
                interrupted |= Thread.interrupted();
            }
        }
        waiter = null;
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return state.get() == DONE;
    }

    /** The reply's payload. */
    MemorySegment reply() {
        return incoming.asSlice(0, replyBytes);
    }

    /** What came with the reply, the caller's from now on. */
    List<Descriptor> takeDescriptors() {
        List<Descriptor> taken = List.copyOf(descriptors);
        descriptors.clear();
        return taken;
    }

    boolean failed() {
        return failed;
    }

    int error() {
        return error;
    }

    void end() {
        descriptors.forEach(Descriptor::close);
        descriptors.clear();
        state.set(IDLE);
    }

    // ---------------------------------------------------------------- the reader

    /** Whether this is the reply to what was asked here: then it is the reader's until {@link #complete}. */
    boolean claim(Header header) {
        return state.get() == EXPECTED && header.id() == id && header.command() == command.code() && header.payloadBytes() <= mostReply
                && state.compareAndSet(EXPECTED, CLAIMED);
    }

    MemorySegment incoming() {
        return incoming;
    }

    void keep(Descriptor descriptor) {
        descriptors.add(descriptor);
    }

    /** @return whether nobody waits, so that the reader has to put it back */
    boolean complete(Header header) {
        replyBytes = header.payloadBytes();
        failed = header.failed();
        error = header.error();
        boolean mine = unattended;
        finish(DONE);
        return mine;
    }

    /** There will be no reply, whoever owns it: the reader has ended, or will not touch it. */
    void abandon() {
        finish(LOST);
    }

    /** There will be no reply, unless the reader is at it: it will find out itself. */
    void lose() {
        if (state.compareAndSet(EXPECTED, LOST)) {
            LockSupport.unpark(waiter);
        }
    }

    private void finish(int how) {
        Thread waiting = waiter;
        state.set(how);
        LockSupport.unpark(waiting);
    }

    // ---------------------------------------------------------------- the watch

    /** Since when a reply has been due, by {@link System#nanoTime}; {@code otherwise} if none is. */
    long dueSince(long otherwise) {
        int now = state.get(); // first: the time is set before the state, so it is this command's or a later one's, never an earlier one's
        return now == EXPECTED || now == CLAIMED ? since : otherwise;
    }
}
