package dev.openppu.model.compute;

/**
 * One kernel dispatch.
 *
 * @param descriptorAddress VA of the kernel descriptor
 * @param grid extent in blocks
 * @param block extent in threads
 * @param parameterAddress VA of the parameter block; not read when the kernel has no parameters
 * @param dynamicSharedBytes shared memory beyond what the kernel declares
 * @param watchdogInstructions warp instructions after which a block counts as hung
 * @param gridId %gridid
 */
public record DispatchRequest(long descriptorAddress, Dim3 grid, Dim3 block, long parameterAddress, int dynamicSharedBytes,
        long watchdogInstructions,
        long gridId) {}
