package dev.openppu.harness.sim.check;

import java.util.Locale;

/** What has to hold in every life, whatever goes wrong in it. */
public enum Invariant {
    /** Every number that comes back from the device is the one that was computed, unless a fault made the device lie. */
    CONTENTS("what comes back is what was computed", "the bytes that the reference has"),
    /** Futures and host functions. */
    PROMISES("what is promised happens exactly once, or fails", "every future completed once, every host function called at most once"),
    ORDER("host functions run, and times are taken, in the order of their stream", "one behind the other, as they were submitted"),
    /** No deadlock, nothing that is still waiting when simulated minutes have passed. */
    PROGRESS("nothing waits for ever", "every call returns or throws, every future completes"),
    /** What the API throws is a {@code PpuException}. */
    TYPED_ERRORS("what fails says so by an exception of the driver's", "no exception, or a PpuException that says what failed"),
    /** Contexts, epoch and device are lost only to faults that may cost them. */
    REACH("nobody loses more than the fault may reach", "no loss beyond what the faults that have struck may cost"),
    /** Without a fault no XID, no recovery. */
    QUIET("where nothing goes wrong nothing is reported", "no XID and no recovery"),
    /** XIDs and reasons of losses are those of the faults that the device has latched. */
    REPORTS("what is reported of the device is what its hardware latched",
            "an XID for each fault that was latched, and no other; a lost context told its own fault"),
    /** The least that comes of a fault, as {@link #REACH} is the most. */
    FELT("a fault that nobody can overlook is felt", "a device that is gone, reset, or slower, as the fault says"),
    /** The IOMMU sees no request that it has to refuse. */
    DMA("the device touches only memory that is mapped for it", "no refused request"),
    LEAKS("what was taken is given back: memory, mappings, queues, contexts", "as much as before the first tenant came"),
    SURVIVAL("when it is over the device works again", "a copy in, a kernel and a copy out that do what they are to do");

    /** Where the rules stand. */
    private static final String SOURCE = "docs/simulation.md, lives and campaigns, invariant ";

    private final String rule;
    private final String expected;

    Invariant(String rule, String expected) {
        this.rule = rule;
        this.expected = expected;
    }

    /** Where the rule stands. */
    public String source() {
        return SOURCE + id();
    }

    /** What every life should show, where nothing more exact is known. */
    String expected() {
        return expected;
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
