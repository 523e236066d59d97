package dev.openppu.bench.contest;

/**
 * A line of the table.
 *
 * @param name by which {@code --only} chooses it
 * @param unit of Java's and of C's value
 * @param about what is measured, and what the C side is
 */
public record Metric(String name, String unit, Target target, String about) {}
