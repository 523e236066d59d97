package dev.openppu.hal.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicBoolean;

/** An eventfd: a counter in the kernel that others add to, and that a poll sees. Not inherited by programs that this one starts. Thread-safe, but for {@link #close}. */
public final class EventDescriptor implements AutoCloseable {
    private final int number = DescriptorCalls.eventfd(0, DescriptorCalls.EFD_NONBLOCK | DescriptorCalls.EFD_CLOEXEC);
    private final AtomicBoolean closed = new AtomicBoolean();

    /** Its number in this process. */
    public int number() {
        return number;
    }

    /** Takes what was added since the last time; 0 if nothing was. */
    public long take() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment count = arena.allocate(ValueLayout.JAVA_LONG);
            return DescriptorCalls.read(number, count) == Long.BYTES ? count.get(ValueLayout.JAVA_LONG, 0) : 0;
        }
    }

    /** Adds one. */
    public void signal() {
        try (Arena arena = Arena.ofConfined()) {
            DescriptorCalls.write(number, arena.allocateFrom(ValueLayout.JAVA_LONG, 1));
        }
    }

    /** Adds one to an eventfd of somebody else's; nothing if it is full, so that who holds it cannot hold up whoever signals, or was closed. */
    public static void signal(Descriptor event) {
        if (!event.enter()) {
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            if (event.awaitWritable(0)) {
                DescriptorCalls.write(event.number(), arena.allocateFrom(ValueLayout.JAVA_LONG, 1));
            }
        } catch (PosixException e) {
            // it is not what it was said to be: nobody is told
        } finally {
            event.leave();
        }
    }

    /** When nobody uses its number any more: the kernel gives it to the next. Idempotent. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            DescriptorCalls.close(number);
        }
    }
}
