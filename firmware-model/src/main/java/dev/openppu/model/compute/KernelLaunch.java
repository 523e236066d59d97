package dev.openppu.model.compute;

import dev.openppu.abi.code.CodeLimits;
import dev.openppu.abi.code.Instruction;
import dev.openppu.abi.code.KernelDescriptor;
import dev.openppu.abi.code.MalformedCodeException;
import java.nio.ByteBuffer;

/** A dispatch made ready: descriptor read and checked, code fetched and decoded, parameters read. Immutable; its blocks may run on different threads. */
public final class KernelLaunch {
    private final DispatchRequest request;
    private final ComputeMemory memory;
    private final KernelDescriptor kernel;
    private final Program program;
    private final BlockMemory parameters;

    private KernelLaunch(DispatchRequest request, ComputeMemory memory, KernelDescriptor kernel, Program program, byte[] parameters) {
        this.request = request;
        this.memory = memory;
        this.kernel = kernel;
        this.program = program;
        this.parameters = BlockMemory.parameters(parameters);
    }

    /**
     * Reads everything a dispatch needs from global memory.
     *
     * @throws InvalidDispatchException when the descriptor or the extents are wrong
     * @throws AccessFault when descriptor, code or parameters cannot be read, or the code may not be executed
     */
    public static KernelLaunch prepare(DispatchRequest request, ComputeMemory memory) throws InvalidDispatchException, AccessFault {
        byte[] descriptor = GlobalMemory.read(memory, request.descriptorAddress(), KernelDescriptor.BYTES, ComputeMemory.Access.LOAD);
        KernelDescriptor kernel;
        try {
            kernel = KernelDescriptor.decode(ByteBuffer.wrap(descriptor));
        } catch (MalformedCodeException e) {
            throw new InvalidDispatchException(String.valueOf(e.getMessage()));
        }
        check(request, kernel);
        byte[] text = GlobalMemory.read(memory, kernel.textAddress(), kernel.textBytes(), ComputeMemory.Access.FETCH);
        byte[] parameters = GlobalMemory.read(memory, request.parameterAddress(), kernel.parameterBytes(), ComputeMemory.Access.LOAD);
        return new KernelLaunch(request, memory, kernel, new Program(text, kernel), parameters);
    }

    private static void check(DispatchRequest request, KernelDescriptor kernel) throws InvalidDispatchException {
        Dim3 grid = request.grid();
        Dim3 block = request.block();
        require(grid.x() > 0 && grid.y() > 0 && grid.z() > 0, "grid " + grid + " has an extent that is not 1 to 2^31-1");
        require(block.x() > 0 && block.y() > 0 && block.z() > 0 && block.x() <= CodeLimits.MAX_BLOCK_X
                && block.y() <= CodeLimits.MAX_BLOCK_Y
                && block.z() <= CodeLimits.MAX_BLOCK_Z, "block " + block + " has an extent beyond (1024, 1024, 128)");
        int most = kernel.maxThreads() == 0 ? CodeLimits.MAX_THREADS_PER_BLOCK : kernel.maxThreads();
        require(block.count() <= most, "block of " + block.count() + " threads, the kernel takes " + most);
        long shared = (long) kernel.sharedBytes() + request.dynamicSharedBytes();
        require(request.dynamicSharedBytes() >= 0 && shared <= CodeLimits.MAX_SHARED_BYTES,
                "shared memory of " + shared + " bytes, there are "
                        + CodeLimits.MAX_SHARED_BYTES);
    }

    private static void require(boolean holds, String problem) throws InvalidDispatchException {
        if (!holds) {
            throw new InvalidDispatchException(problem);
        }
    }

    public DispatchRequest request() {
        return request;
    }

    public KernelDescriptor kernel() {
        return kernel;
    }

    /**
     * Begins the execution of one block.
     *
     * @param position in the grid
     */
    public BlockExecution block(Dim3 position, ComputeUnit unit) {
        return new BlockExecution(this, position, unit);
    }

    Warp newWarp(BlockExecution block, int number, Dim3 position, ComputeUnit unit) {
        int[] registers = program.rows().newRegisters();
        for (RegisterRows.Special special : program.rows().specials()) {
            SpecialValues.fill(registers, special, this, position, unit, number);
        }
        int lanes = Math.min(CodeLimits.WARP_SIZE, threads() - number * CodeLimits.WARP_SIZE);
        return new Warp(block, number, lanes == CodeLimits.WARP_SIZE ? -1 : (1 << lanes) - 1, program.ops(), registers,
                kernel.entryOffset() / Instruction.BYTES);
    }

    ComputeMemory memory() {
        return memory;
    }

    BlockMemory parameters() {
        return parameters;
    }

    RegisterRows rows() {
        return program.rows();
    }

    int threads() {
        return (int) request.block().count();
    }

    int warps() {
        return (threads() + CodeLimits.WARP_SIZE - 1) / CodeLimits.WARP_SIZE;
    }

    int sharedBytes() {
        return kernel.sharedBytes() + request.dynamicSharedBytes();
    }

    int localBytes() {
        return kernel.localBytes();
    }

    long watchdogInstructions() {
        return request.watchdogInstructions();
    }

    long programCounter(int instruction) {
        return (long) instruction * Instruction.BYTES;
    }

    /** Position in the block of the thread with this number: x first. */
    Dim3 threadAt(int thread) {
        Dim3 block = request.block();
        return new Dim3(thread % block.x(), thread / block.x() % block.y(), thread / block.x() / block.y());
    }
}
