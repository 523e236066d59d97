package dev.openppu.harness.sim;

import java.util.Locale;

/** What has to hold in every life, whatever goes wrong in it. */
public enum Invariant {
    /** Every number that comes back from the device is the one that was computed, unless a fault made the device lie. */
    CONTENTS("what comes back is what was computed"),
    /** Futures and host functions. */
    PROMISES("what is promised happens exactly once, or fails"),
    ORDER("host functions run in the order of their stream"),
    /** No deadlock, nothing that is still waiting when simulated minutes have passed. */
    PROGRESS("nothing waits for ever"),
    /** What the API throws is a {@code PpuException}. */
    TYPED_ERRORS("what fails says so by an exception of the driver's"),
    /** Contexts, epoch and device are lost only to faults that may cost them. */
    REACH("nobody loses more than the fault may reach"),
    /** Without a fault no XID, no recovery. */
    QUIET("where nothing goes wrong nothing is reported"),
    /** The IOMMU sees no request that it has to refuse. */
    DMA("the device touches only memory that is mapped for it"),
    LEAKS("what was taken is given back: memory, mappings, queues, contexts"),
    SURVIVAL("when it is over the device works again");

    private final String rule;

    Invariant(String rule) {
        this.rule = rule;
    }

    /** As it is written on a command line: {@code typed-errors}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What holds, in words. */
    public String rule() {
        return rule;
    }
}
