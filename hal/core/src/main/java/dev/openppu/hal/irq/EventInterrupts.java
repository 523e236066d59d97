package dev.openppu.hal.irq;

import dev.openppu.hal.LinkException;
import dev.openppu.hal.posix.EventDescriptor;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** Interrupts that somebody else signals by one eventfd a vector: counts what a thread of its own finds in them. */
public final class EventInterrupts extends ControlledInterrupts implements AutoCloseable {
    private final String thread;
    private final Signaller signaller;
    private final IntConsumer arrived;
    private final AtomicLongArray delivered;
    private @Nullable EventReceiver receiver;

    /** A kernel, a server or a library. */
    public interface Signaller {
        /** From now on the event of a vector's number is signalled for each of its messages. */
        void signal(List<EventDescriptor> events);

        /** When it returns none of them is signalled any more; a {@link LinkException} says that the signaller is gone. */
        void silence();
    }

    /**
     * @param thread its name
     * @param arrived is told of each vector that a message came for, after it was counted
     */
    public EventInterrupts(String thread, VectorControl control, Signaller signaller, IntConsumer arrived) {
        super(control);
        this.thread = thread;
        this.signaller = signaller;
        this.arrived = arrived;
        this.delivered = new AtomicLongArray(control.vectors());
    }

    @Override
    public synchronized void enable(int count) {
        control().enable(count, () -> {
            stopReceiving();
            for (int vector = 0; vector < vectors(); vector++) {
                delivered.set(vector, 0);
            }
            receiver = receive(count);
        });
    }

    private EventReceiver receive(int count) {
        EventReceiver fresh = new EventReceiver(thread, count, this::take);
        try {
            signaller.signal(fresh.events());
            return fresh;
        } catch (RuntimeException e) {
            end(fresh);
            throw e;
        }
    }

    private void take(int vector, long count) {
        delivered.getAndAdd(vector, count);
        arrived.accept(vector);
    }

    @Override
    public synchronized void disable() {
        control().disable();
        stopReceiving();
    }

    private void stopReceiving() {
        EventReceiver former = receiver;
        receiver = null;
        if (former != null) {
            end(former);
        }
    }

    /** The signaller lets go of the descriptors before they are closed: the kernel gives their numbers to others. */
    private void end(EventReceiver former) {
        try {
            signaller.silence();
        } catch (LinkException e) {
            // who is gone signals nothing
        }
        former.close();
    }

    /** The signaller is lost: whoever waits for an interrupt looks, and finds a device that is not there. */
    public synchronized void lose() {
        EventReceiver current = receiver;
        int enabled = current == null ? 0 : current.events().size();
        for (int vector = 0; vector < enabled; vector++) {
            take(vector, 1);
        }
    }

    @Override
    public long delivered(int vector) {
        control().require(vector);
        return delivered.getAcquire(vector);
    }

    /** Receives no more; the vectors are left as they are. */
    @Override
    public synchronized void close() {
        stopReceiving();
    }
}
