package dev.openppu.hal.irq;

import dev.openppu.hal.posix.EventDescriptor;
import dev.openppu.hal.posix.EventPoll;
import java.util.ArrayList;
import java.util.List;

/** Eventfds by which somebody else signals, and a thread that takes what comes. */
public final class EventReceiver implements AutoCloseable {
    private final List<EventDescriptor> events;
    private final EventDescriptor end = new EventDescriptor();
    private final Arrival arrival;
    private final Thread thread;
    private volatile boolean ended;

    /** Is told on the receiver's thread. */
    public interface Arrival {
        /** @param count how often since the last time, at least once */
        void arrived(int event, long count);
    }

    /** @param name of the thread */
    public EventReceiver(String name, int count, Arrival arrival) {
        this.arrival = arrival;
        this.events = make(count);
        this.thread = Thread.ofPlatform().daemon().name(name).start(this::receive);
    }

    private List<EventDescriptor> make(int count) {
        List<EventDescriptor> made = new ArrayList<>();
        try {
            for (int event = 0; event < count; event++) {
                made.add(new EventDescriptor());
            }
        } catch (RuntimeException e) {
            made.forEach(EventDescriptor::close);
            end.close();
            throw e;
        }
        return List.copyOf(made);
    }

    /** To be signalled, by their place. */
    public List<EventDescriptor> events() {
        return events;
    }

    private void receive() {
        List<EventDescriptor> all = new ArrayList<>(events);
        all.add(end);
        try (EventPoll poll = new EventPoll(all)) {
            while (!ended) {
                poll.await(this::take);
            }
        }
    }

    private void take(int place) {
        if (place < events.size()) {
            long count = events.get(place).take();
            if (count != 0) {
                arrival.arrived(place, count);
            }
        }
    }

    /** When nobody signals any more: the kernel gives the descriptors' numbers to others. */
    @Override
    public void close() {
        ended = true;
        end.signal();
        boolean interrupted = false;
        while (thread.isAlive() && thread != Thread.currentThread()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        events.forEach(EventDescriptor::close);
        end.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
