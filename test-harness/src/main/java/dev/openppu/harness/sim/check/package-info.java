/**
 * What must hold of a life: the {@link dev.openppu.harness.sim.check.Invariant invariants}, and the books by which they are checked.
 */
@org.jspecify.annotations.NullMarked
package dev.openppu.harness.sim.check;
