package dev.openppu.hal;

import dev.openppu.hal.dma.DmaSpace;
import dev.openppu.hal.irq.Interrupts;
import dev.openppu.hal.mmio.Mmio;
import dev.openppu.hal.pci.ConfigSpace;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An open connection to one PCIe function: config space, BARs, DMA, interrupts, reset, time.
 *
 * <p>PCIe's ordering holds on every link: writes are posted and stay in order; a read flushes the writes before it; the data that a device wrote is
 * visible before the interrupt (or the completion of a read) that follows it.
 *
 * <p>Thread-safety: every method may be called from any thread that the link knows ({@link LinkRuntime} says which); {@link #close()} is idempotent.
 * After {@code close} every other call throws {@link LinkException}.
 */
public interface DeviceLink extends AutoCloseable {

    /** How this link was named and what it is, for messages: never parsed. */
    LinkIdentity identity();

    ConfigSpace config();

    /** Implemented BARs by their index 0 to 5; a 64-bit BAR takes the index of its lower half. */
    List<Bar> bars();

    /**
     * The registers or memory behind a BAR.
     *
     * @throws LinkException if the device has no such BAR, or its decoding is off in the command register
     */
    Mmio bar(int index);

    DmaSpace dma();

    Interrupts interrupts();

    /** Kinds of reset that this link can issue. */
    Set<ResetKind> resets();

    /**
     * Issues a reset and returns at once. Afterwards the function behaves as PCIe allows: it may not be ready for a while (config reads answer all
     * ones), its configuration (BARs, command register, MSI-X, BAR sizes) is lost, memory reads answer all ones. The caller waits for readiness and
     * restores what it needs.
     *
     * @throws LinkException if the link lacks this kind
     */
    void reset(ResetKind kind);

    /** The link's clock, its way of waiting, and its threads. */
    LinkRuntime runtime();

    /** What cannot be seen through this link, each with its reason; empty if everything can. */
    List<Unobservable> unobservable();

    /** Why {@code observable} cannot be seen here, or empty if it can. */
    default Optional<Unobservable> unobservable(Observable observable) {
        return unobservable().stream().filter(u -> u.what() == observable).findFirst();
    }

    /**
     * Why this link has lost its device for good (the process that serves it has gone, the kernel takes it back), a clause for messages; empty while it has not, and where the link
     * cannot know. Such a device reads as all ones, as one that was pulled out; to go on, close the link and open another.
     */
    default Optional<String> lost() {
        return Optional.empty();
    }

    /** What can be done to the device's hardware from outside; empty on nearly every link. A recording has none: what comes this way is not in it. */
    default Optional<TestPoints> testPoints() {
        return Optional.empty();
    }

    @Override
    void close();

    /**
     * An implemented base address register.
     *
     * @param index 0 to 5
     * @param size bytes: a power of two, unless a server of another make says something else
     * @param wide a 64-bit BAR (occupies {@code index + 1} too)
     * @param prefetchable reads have no side effects and writes may be merged
     * @param ports of I/O space, as functions older than PCI Express have it; not every link shows these
     */
    record Bar(int index, long size, boolean wide, boolean prefetchable, boolean ports) {

        /** One of memory space. */
        public Bar(int index, long size, boolean wide, boolean prefetchable) {
            this(index, size, wide, prefetchable, false);
        }
    }
}
