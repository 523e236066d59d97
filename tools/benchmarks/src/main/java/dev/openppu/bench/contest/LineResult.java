package dev.openppu.bench.contest;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A line as measured.
 *
 * @param c what Java is compared with; empty if it could not be measured
 * @param bytesPerOperation that Java allocated; empty where work is spread over threads or processes
 * @param rounds of each side that were measured
 * @param uncertainty of the ratio, as a part of it
 */
public record LineResult(Metric metric, double java, OptionalDouble c, OptionalDouble bytesPerOperation, int rounds, double uncertainty) {

    public OptionalDouble ratio() {
        return c.isPresent() && c.getAsDouble() != 0 ? OptionalDouble.of(java / c.getAsDouble()) : OptionalDouble.empty();
    }

    /** Whether the target is met; empty if there is none, or nothing to compare with. */
    public Optional<Boolean> ok() {
        return metric.target().met(java, c);
    }
}
