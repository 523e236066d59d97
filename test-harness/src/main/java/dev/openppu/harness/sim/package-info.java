/**
 * Simulation campaigns: lives of a device under the simulated clock, each with its seed, its faults and its work, held to {@link dev.openppu.harness.sim.check.Invariant invariants}.
 */
@org.jspecify.annotations.NullMarked
package dev.openppu.harness.sim;
