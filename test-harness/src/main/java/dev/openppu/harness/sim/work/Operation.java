package dev.openppu.harness.sim.work;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What a host may be at when a fault strikes: a step of a tenant, or what comes before and after all of them. */
public final class Operation {
    /** Before the first tenant begins. */
    public static final String BOOT = "boot";
    /** Behind the last step: contexts end, and what was promised is waited for. */
    public static final String END = "end";
    private static final List<String> ALL = Stream
            .concat(Stream.of(BOOT), Stream.concat(Stream.of(Step.Kind.values()).map(Operation::id), Stream.of(END))).toList();

    private Operation() {}

    /** All of them, in the order in which reports show them. */
    public static List<String> all() {
        return ALL;
    }

    static String id(Step.Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
