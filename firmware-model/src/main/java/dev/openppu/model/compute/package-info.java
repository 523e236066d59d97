/**
 * Compute units: decode native code and execute blocks of threads.
 *
 * <p>{@link dev.openppu.model.compute.KernelLaunch} prepares a dispatch once (descriptor, code, parameters) and hands out
 * {@link dev.openppu.model.compute.BlockExecution}s, one per block. A block belongs to one thread at a time and advances in slices; blocks share nothing but
 * the immutable launch and global memory, so any number of them may run side by side. The same block, memory and clock give the same run: no time and no
 * chance of its own, strict arithmetic.
 *
 * <p>Nothing outside needs the rest of the device model: memory comes through {@link dev.openppu.model.compute.ComputeMemory}, time through
 * {@link dev.openppu.model.compute.ComputeClock}.
 */
package dev.openppu.model.compute;
