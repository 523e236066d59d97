package dev.openppu.model.sim;

/**
 * What happened in a world, in order: every register access, DMA, interrupt and scheduling decision, each with the world's time.
 *
 * <p>Callers ask {@link #on()} before they build a text, so that a trace that is off costs one branch:
 * {@snippet :
 * if (trace.on()) {
 *     trace.record("cp", "packet", "queue 3 index 17 COPY");
 * }
 * }
 * Texts must be the same in every run with the same seed: no identity hash, no address of host memory, no real time.
 */
public interface Trace {

    /** A trace that is off. */
    static Trace off() {
        return NoTrace.INSTANCE;
    }

    boolean on();

    /**
     * @param actor who: {@code host}, {@code pcie}, {@code cp}, {@code fw} …; no spaces
     * @param kind what: {@code read}, {@code write}, {@code dma-read}, {@code irq}, {@code run} …; no spaces
     * @param detail decoded; one line
     */
    void record(String actor, String kind, String detail);
}
