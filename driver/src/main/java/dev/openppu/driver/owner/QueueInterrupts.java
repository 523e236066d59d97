package dev.openppu.driver.owner;

import dev.openppu.driver.sync.LinkLock;
import dev.openppu.hal.LinkException;
import dev.openppu.hal.irq.Interrupts;
import dev.openppu.hal.irq.Wakeup;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The queues' MSI-X vectors: open while somebody sleeps, masked when they fire for nobody, and masked for a while when they storm.
 *
 * <p><b>Storm.</b> A vector that fires faster than {@link #MOST_PER_MILLI} is masked for {@link #CALM_NANOS}; who waits for it looks by himself every
 * {@link #POLL_NANOS} meanwhile. Thread-safe.
 */
final class QueueInterrupts {
    /** A device that works hard sends one interrupt per completed packet; past this rate looking is cheaper than being told. */
    static final long MOST_PER_MILLI = 100;
    static final long CALM_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    static final long POLL_NANOS = TimeUnit.MICROSECONDS.toNanos(500);
    /** Messages that may come for nobody before the vector is masked. */
    private static final long UNWANTED = 16;
    private static final System.Logger LOG = System.getLogger(QueueInterrupts.class.getName());

    private final DeviceAccess device;
    private final Interrupts interrupts;
    private final List<Vector> vectors = new ArrayList<>();

    /** @param first vector that is a queue's; from there to {@code count} */
    QueueInterrupts(DeviceAccess device, Interrupts interrupts, int first, int count) {
        this.device = device;
        this.interrupts = interrupts;
        for (int vector = first; vector < count; vector++) {
            vectors.add(new Vector(vector));
        }
    }

    /** The {@code index}-th of them. */
    Wakeup wakeup(int index) {
        return vectors.get(index);
    }

    /** Looks at all of them, now and then: masks those that storm and those that nobody wants. */
    void look(long now) {
        vectors.forEach(vector -> vector.look(now));
    }

    /** How often a vector was masked because it stormed. */
    long storms() {
        return vectors.stream().mapToLong(vector -> vector.storms.get()).sum();
    }

    private final class Vector implements Wakeup {
        private final int number;
        private final LinkLock lock = new LinkLock(device.runtime());
        private int sleepers;
        private boolean masked;
        private boolean storming;
        private long calmAt;
        private long seen;
        private long seenAt;
        private final AtomicLong storms = new AtomicLong();

        Vector(int number) {
            this.number = number;
        }

        @Override
        public int vector() {
            return number;
        }

        @Override
        public long arm() {
            lock.lock();
            try {
                sleepers++;
                return !storming && open() ? Long.MAX_VALUE : POLL_NANOS;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void disarm() {
            lock.lock();
            sleepers--;
            lock.unlock();
        }

        /** Unmasks it: a message that was held back comes at once. {@code false} while the device has no interrupts, as during a reset. */
        private boolean open() {
            if (masked) {
                try {
                    interrupts.unmask(number);
                } catch (LinkException e) {
                    return false;
                }
                masked = false;
            }
            return true;
        }

        private void close() {
            interrupts.mask(number);
            masked = true;
        }

        private void look(long now) {
            long delivered = interrupts.delivered(number);
            if (delivered == seen && !storming) {
                seenAt = now;
                return;
            }
            lock.lock();
            try {
                long fired = delivered - seen; // negative after a reset, which counts from zero
                long millis = Math.max(1, TimeUnit.NANOSECONDS.toMillis(now - seenAt));
                seen = delivered;
                seenAt = now;
                if (storming) {
                    storming = now < calmAt;
                    if (!storming && sleepers > 0) {
                        open();
                    }
                } else if (!masked && fired > MOST_PER_MILLI * millis) {
                    close();
                    storming = true;
                    calmAt = now + CALM_NANOS;
                    storms.incrementAndGet();
                    LOG.log(Level.DEBUG, () -> "%s: vector %d fired %d times in %d ms: masked, and polled for a while".formatted(
                            device.name(), number, fired, millis));
                } else if (!masked && sleepers == 0 && fired >= UNWANTED) {
                    close();
                }
            } catch (LinkException e) {
                LOG.log(Level.DEBUG, () -> device.name() + ": no interrupts just now: " + e.getMessage());
            } finally {
                lock.unlock();
            }
        }
    }
}
