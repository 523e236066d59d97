package dev.openppu.bench.contest;

import java.util.List;
import java.util.function.Supplier;

/** A contest and the lines that it fills. */
public record Entry(List<Metric> metrics, Supplier<Contest> contest) {}
