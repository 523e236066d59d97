package dev.openppu.hal.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.function.IntConsumer;

/** Waits for any of several descriptors. Used by one thread. */
public final class EventPoll implements AutoCloseable {
    private static final VarHandle RESULT = DescriptorCalls.POLLFD.varHandle(PathElement.groupElement("revents"));

    private final Arena arena = Arena.ofShared();
    private final MemorySegment descriptors;
    private final int count;

    public EventPoll(List<EventDescriptor> events) {
        this.count = events.size();
        this.descriptors = arena.allocate(DescriptorCalls.POLLFD, count);
        for (int i = 0; i < count; i++) {
            DescriptorCalls.FD.set(descriptors, i * DescriptorCalls.POLLFD.byteSize(), events.get(i).number());
            DescriptorCalls.EVENTS.set(descriptors, i * DescriptorCalls.POLLFD.byteSize(), DescriptorCalls.POLLIN);
        }
    }

    /**
     * Waits until something was added to one of them.
     *
     * @param ready is told the places in the list of those that have something
     */
    public void await(IntConsumer ready) {
        if (DescriptorCalls.poll(descriptors, -1) == 0) {
            return;
        }
        for (int i = 0; i < count; i++) {
            if ((short) RESULT.get(descriptors, i * DescriptorCalls.POLLFD.byteSize()) != 0) {
                ready.accept(i);
            }
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
