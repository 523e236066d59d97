package dev.openppu.harness.tix;

import dev.openppu.abi.code.CodeObject;
import dev.openppu.abi.code.KernelDescriptor;
import dev.openppu.abi.code.KernelInfo;
import dev.openppu.abi.code.KernelParameter;
import dev.openppu.driver.tix.TixAssembler;
import dev.openppu.driver.tix.TixException;
import dev.openppu.model.compute.AccessFault;
import dev.openppu.model.compute.BlockExecution;
import dev.openppu.model.compute.ComputeClock;
import dev.openppu.model.compute.ComputeUnit;
import dev.openppu.model.compute.DeviceFault;
import dev.openppu.model.compute.Dim3;
import dev.openppu.model.compute.DispatchRequest;
import dev.openppu.model.compute.InvalidDispatchException;
import dev.openppu.model.compute.KernelLaunch;
import dev.openppu.model.compute.StepResult;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** From text to result: assembles, goes through the code object's bytes, loads into flat memory and executes block after block. */
final class KernelRunner {
    static final long WATCHDOG = 20_000_000;

    /** A clock that moves with every look at it. */
    private static final class CountingClock implements ComputeClock {
        private long cycles = 0x1_0000_0000L;

        @Override
        public long cycles() {
            return cycles++;
        }

        @Override
        public long nanoseconds() {
            return cycles * 10;
        }
    }

    final FlatMemory memory;
    private final CodeObject object;
    private final long textAddress;
    private final long constAddress;
    private int dynamicShared;
    private int slice = 1000;

    KernelRunner(FlatMemory memory, String source) {
        this.memory = memory;
        try {
            object = CodeObject.parse(TixAssembler.assemble("test.tix", source).toBytes());
        } catch (TixException e) {
            throw new AssertionError(e.getMessage() + "\nin\n" + source, e);
        } catch (dev.openppu.abi.code.MalformedCodeException e) {
            throw new AssertionError(e);
        }
        textAddress = memory.place(MemorySegment.ofBuffer(object.text()));
        constAddress = object.constants().hasRemaining() ? memory.place(MemorySegment.ofBuffer(object.constants())) : 0;
    }

    static KernelRunner of(String source) {
        return new KernelRunner(new FlatMemory(8 << 20), source);
    }

    KernelRunner dynamicShared(int bytes) {
        dynamicShared = bytes;
        return this;
    }

    /** Warp instructions per step, to have different interleavings. */
    KernelRunner slice(int instructions) {
        slice = instructions;
        return this;
    }

    CodeObject object() {
        return object;
    }

    /** Runs the only kernel and expects it to finish. */
    void run(Dim3 grid, Dim3 block, Object... arguments) {
        StepResult result = execute(grid, block, arguments);
        if (!(result instanceof StepResult.Finished)) {
            throw new AssertionError("the kernel did not finish: " + result);
        }
    }

    /** Runs the only kernel and expects a fault. */
    DeviceFault fault(Dim3 grid, Dim3 block, Object... arguments) {
        StepResult result = execute(grid, block, arguments);
        if (result instanceof StepResult.Faulted faulted) {
            return faulted.fault();
        }
        throw new AssertionError("the kernel did not fault: " + result);
    }

    StepResult execute(Dim3 grid, Dim3 block, Object... arguments) {
        KernelLaunch launch = launch(grid, block, arguments);
        ComputeUnit unit = new ComputeUnit(3, 64, new CountingClock());
        for (int z = 0; z < grid.z(); z++) {
            for (int y = 0; y < grid.y(); y++) {
                for (int x = 0; x < grid.x(); x++) {
                    StepResult result = finish(launch.block(new Dim3(x, y, z), unit));
                    if (!(result instanceof StepResult.Finished)) {
                        return result;
                    }
                }
            }
        }
        return StepResult.FINISHED;
    }

    private StepResult finish(BlockExecution execution) {
        StepResult result = execution.step(slice);
        while (result instanceof StepResult.Running) {
            result = execution.step(slice);
        }
        return result;
    }

    KernelLaunch launch(Dim3 grid, Dim3 block, Object... arguments) {
        KernelInfo kernel = object.kernels().getFirst();
        KernelDescriptor descriptor = object.descriptor(kernel, textAddress, constAddress);
        long descriptorAddress = memory.place(MemorySegment.ofArray(descriptor.toBytes()));
        long parameters = memory.place(MemorySegment.ofArray(parameterBlock(kernel, arguments)));
        try {
            return KernelLaunch.prepare(new DispatchRequest(descriptorAddress, grid, block, parameters, dynamicShared, WATCHDOG, 77),
                    memory);
        } catch (InvalidDispatchException | AccessFault e) {
            throw new AssertionError(e);
        }
    }

    static byte[] parameterBlock(KernelInfo kernel, Object... arguments) {
        ByteBuffer block = ByteBuffer.allocate(kernel.parameterBytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < arguments.length; i++) {
            KernelParameter parameter = kernel.parameters().get(i);
            switch (arguments[i]) {
                case Long value -> block.putLong(parameter.offset(), value);
                case Integer value -> block.putInt(parameter.offset(), value);
                case Float value -> block.putFloat(parameter.offset(), value);
                case Double value -> block.putDouble(parameter.offset(), value);
                default -> throw new IllegalArgumentException("argument " + i);
            }
        }
        return block.array();
    }
}
