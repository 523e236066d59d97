package dev.openppu.hal.hotplug;

/**
 * Something that happened to a PCI function.
 *
 * @param address {@code DDDD:BB:DD.F}; empty if events were lost, so that anything may have happened to any of them
 */
public record FunctionEvent(Kind kind, String address) {
    /** What happened. */
    public enum Kind {
        CAME, WENT, BOUND, UNBOUND, CHANGED
    }

    /** Some events were lost. */
    public static FunctionEvent unknown() {
        return new FunctionEvent(Kind.CHANGED, "");
    }
}
