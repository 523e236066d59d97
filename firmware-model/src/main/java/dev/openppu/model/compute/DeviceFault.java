package dev.openppu.model.compute;

import dev.openppu.abi.error.FaultMapping;
import org.jspecify.annotations.Nullable;

/**
 * Why and where a block stopped.
 *
 * @param cause which fault, with its device exception, XID and result
 * @param pc byte offset of the instruction in the kernel's text
 * @param block the block's position in the grid
 * @param thread the first thread concerned, its position in the block
 * @param warp the warp's number in the block
 * @param lane the thread's lane
 * @param address virtual address that was accessed (shared, local, parameters: offset in them), 0 where there is none
 * @param access what was done there, null where the fault is not about memory
 */
public record DeviceFault(FaultMapping cause, long pc, Dim3 block, Dim3 thread, int warp, int lane, long address,
        ComputeMemory.@Nullable Access access) {}
