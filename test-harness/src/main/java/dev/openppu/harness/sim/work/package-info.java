/**
 * What the tenants of a device do: {@link dev.openppu.harness.sim.work.Workload workloads} of random, valid use of the whole API (and of wrong use that must be refused), each step checked against a
 * reference.
 */
@org.jspecify.annotations.NullMarked
package dev.openppu.harness.sim.work;
