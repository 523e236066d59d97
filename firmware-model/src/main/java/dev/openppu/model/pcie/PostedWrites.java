package dev.openppu.model.pcie;

import dev.openppu.model.sim.Chance;
import dev.openppu.model.sim.World;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Posted writes on their way, in order (2.4.1). Simulated: each arrives after a seeded delay, never before one sent earlier. Free running: at once.
 *
 * <p>A ring of parallel arrays: a small write allocates nothing.
 */
final class PostedWrites {
    private static final int INITIAL_CAPACITY = 64;

    /** Where they arrive. */
    interface Receiver {
        /** @param bytes 1, 2, 4 or 8: one store */
        void arrive(long address, int bytes, long value);

        void arrive(long address, MemorySegment content);
    }

    private final World world;
    private final Chance chance;
    private final String label;
    private final long fastestNanos;
    private final long slowestNanos;
    private final Receiver receiver;
    private final Runnable deliverDue = this::deliverDue;

    private long[] due = new long[INITIAL_CAPACITY];
    private long[] addresses = new long[INITIAL_CAPACITY];
    private long[] values = new long[INITIAL_CAPACITY];
    private int[] sizes = new int[INITIAL_CAPACITY];
    private @Nullable MemorySegment[] contents = new MemorySegment[INITIAL_CAPACITY];
    private int head;
    private int count;
    private long lastDue;
    private boolean expected;

    PostedWrites(World world, String label, long fastestNanos, long slowestNanos, Receiver receiver) {
        this.world = world;
        this.chance = world.chance().stream(label);
        this.label = label;
        this.fastestNanos = fastestNanos;
        this.slowestNanos = slowestNanos;
        this.receiver = receiver;
    }

    boolean isEmpty() {
        return count == 0;
    }

    void post(long address, int bytes, long value) {
        if (world.simulated()) {
            enqueue(address, bytes, value, null);
        } else {
            receiver.arrive(address, bytes, value);
        }
    }

    /** The content is taken now. */
    void post(long address, MemorySegment content) {
        if (world.simulated()) {
            enqueue(address, 0, 0, MemorySegment.ofArray(content.toArray(ValueLayout.JAVA_BYTE)));
        } else {
            receiver.arrive(address, content);
        }
    }

    /** Whatever is sent from now on arrives that much later than what was sent before. Simulated only. */
    void holdUp(long nanos) {
        lastDue = Math.max(lastDue, world.nanos()) + nanos;
    }

    private void enqueue(long address, int bytes, long value, @Nullable MemorySegment content) {
        if (count == due.length) {
            grow();
        }
        long now = world.nanos();
        lastDue = Math.max(lastDue, now + chance.between(fastestNanos, slowestNanos));
        int at = (head + count++) & due.length - 1;
        due[at] = lastDue;
        addresses[at] = address;
        values[at] = value;
        sizes[at] = bytes;
        contents[at] = content;
        if (!expected) {
            expected = true;
            world.after(lastDue - now, label, deliverDue);
        }
    }

    private void deliverDue() {
        long now = world.nanos();
        while (count > 0 && due[head] <= now) {
            deliverFirst();
        }
        // one event is under way while any write is: for the first of them, or for an earlier one that was pushed ahead
        expected = count > 0;
        if (expected) {
            world.after(due[head] - now, label, deliverDue);
        }
    }

    /** Something that must not pass them goes the same way: all arrive now. */
    void flush() {
        while (count > 0) {
            deliverFirst();
        }
    }

    /** The way is cut: some of them, the earliest, still arrive. */
    void cut() {
        for (long arriving = chance.below(count + 1L); arriving > 0 && count > 0; arriving--) {
            deliverFirst();
        }
        Arrays.fill(contents, null);
        count = 0;
    }

    private void deliverFirst() {
        int at = head;
        head = at + 1 & due.length - 1;
        count--;
        MemorySegment content = contents[at];
        if (content == null) {
            receiver.arrive(addresses[at], sizes[at], values[at]);
        } else {
            contents[at] = null;
            receiver.arrive(addresses[at], content);
        }
    }

    private void grow() {
        int capacity = due.length;
        due = unrolled(due);
        addresses = unrolled(addresses);
        values = unrolled(values);
        int[] newSizes = new int[2 * capacity];
        MemorySegment[] newContents = new MemorySegment[2 * capacity];
        for (int i = 0; i < capacity; i++) {
            int from = head + i & capacity - 1;
            newSizes[i] = sizes[from];
            newContents[i] = contents[from];
        }
        sizes = newSizes;
        contents = newContents;
        head = 0;
    }

    private long[] unrolled(long[] ring) {
        long[] straight = new long[2 * ring.length];
        System.arraycopy(ring, head, straight, 0, ring.length - head);
        System.arraycopy(ring, 0, straight, ring.length - head, head);
        return straight;
    }
}
