package dev.openppu.hal.posix.socket;

import dev.openppu.hal.posix.Descriptor;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Descriptors that came with bytes, owned here until somebody {@linkplain #take takes} them. Used by one thread. */
public final class PassedDescriptors implements AutoCloseable {
    private final @Nullable Descriptor[] received;
    private int count;
    private boolean truncated;

    /** @param capacity most that are accepted with one message */
    public PassedDescriptors(int capacity) {
        received = new @Nullable Descriptor[capacity];
    }

    int capacity() {
        return received.length;
    }

    int room() {
        return received.length - count;
    }

    void add(Descriptor descriptor) {
        received[count++] = descriptor;
    }

    void truncate() {
        truncated = true;
    }

    /** How many came, taken or not. */
    public int count() {
        return count;
    }

    /** More were sent than were accepted. */
    public boolean truncated() {
        return truncated;
    }

    /** Hands one over to the caller, who closes it. */
    public Descriptor take(int index) {
        Descriptor descriptor = Objects.requireNonNull(received[Objects.checkIndex(index, count)], "taken before");
        received[index] = null;
        return descriptor;
    }

    /** Before the next message: closes those that nobody took. */
    public void clear() {
        for (int i = 0; i < count; i++) {
            Descriptor left = received[i];
            if (left != null) {
                left.close();
                received[i] = null;
            }
        }
        count = 0;
        truncated = false;
    }

    @Override
    public void close() {
        clear();
    }
}
