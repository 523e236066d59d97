package dev.openppu.hal.library;

import dev.openppu.hal.LinkException;
import dev.openppu.hal.irq.Interrupts;
import dev.openppu.hal.irq.MsixControl;
import dev.openppu.hal.posix.EventDescriptor;
import dev.openppu.hal.posix.EventPoll;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** MSI-X by eventfds: counts what a thread of its own finds in the descriptors. */
final class LibraryInterrupts implements Interrupts, AutoCloseable {
    private static final long MESSAGE_ADDRESS = 0xFEE0_0000L;

    private final LibraryDevice device;
    private final MsixControl msix;
    private final IntConsumer arrived;
    private final AtomicLongArray delivered;
    private @Nullable Receiver receiver;

    /** @param arrived is told of each vector that a message came for, after it was counted */
    LibraryInterrupts(LibraryDevice device, MsixControl msix, IntConsumer arrived) {
        this.device = device;
        this.msix = msix;
        this.arrived = arrived;
        this.delivered = new AtomicLongArray(msix.vectors());
    }

    /** Where they would go on a bus: the library does not look at it. */
    private enum Messages implements MsixControl.Messages {
        UNUSED;

        @Override
        public long address(int vector) {
            return MESSAGE_ADDRESS;
        }

        @Override
        public int data(int vector) {
            return vector;
        }
    }

    @Override
    public int vectors() {
        return msix.vectors();
    }

    @Override
    public synchronized void enable(int count) {
        msix.enable(count, Messages.UNUSED, () -> {
            stopReceiving();
            for (int vector = 0; vector < msix.vectors(); vector++) {
                delivered.set(vector, 0);
            }
            receiver = new Receiver(count);
        });
    }

    @Override
    public synchronized void disable() {
        msix.disable();
        stopReceiving();
    }

    private void stopReceiving() {
        Receiver former = receiver;
        receiver = null;
        if (former != null) {
            former.close();
        }
    }

    @Override
    public long delivered(int vector) {
        msix.require(vector);
        return delivered.getAcquire(vector);
    }

    @Override
    public void mask(int vector) {
        msix.require(vector);
        msix.mask(vector);
    }

    @Override
    public void unmask(int vector) {
        msix.require(vector);
        msix.unmask(vector);
    }

    @Override
    public boolean pending(int vector) {
        msix.require(vector);
        return msix.pending(vector);
    }

    /** After the device has been closed. */
    @Override
    public synchronized void close() {
        stopReceiving();
    }

    /** The descriptors of the vectors in use, and who reads them. */
    private final class Receiver implements AutoCloseable {
        private final List<EventDescriptor> events = new ArrayList<>();
        private final EventDescriptor end = new EventDescriptor();
        private final Thread thread;
        private volatile boolean ended;

        Receiver(int count) {
            try {
                for (int vector = 0; vector < count; vector++) {
                    events.add(new EventDescriptor());
                    device.setInterrupt(vector, events.get(vector).number());
                }
            } catch (RuntimeException e) {
                takeBack();
                throw e;
            }
            thread = Thread.ofPlatform().daemon().name("ppu-library-interrupts").start(this::receive);
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
                    delivered.getAndAdd(place, count);
                    arrived.accept(place);
                }
            }
        }

        /** First the device lets go of the descriptors, then the thread, then they are closed: the kernel gives their numbers to others. */
        @Override
        public void close() {
            ended = true;
            end.signal();
            boolean interrupted = false;
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            takeBack();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }

        private void takeBack() {
            for (int vector = 0; vector < events.size(); vector++) {
                try {
                    device.setInterrupt(vector, -1);
                } catch (LinkException e) {
                    // closed: it writes to none any more
                }
                events.get(vector).close();
            }
            end.close();
        }
    }
}
