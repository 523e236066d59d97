package dev.openppu.harness.tix;

import static org.assertj.core.api.Assertions.fail;

import dev.openppu.harness.compute.InstructionCheck;
import dev.openppu.model.compute.Dim3;
import java.lang.foreign.MemorySegment;

/** Executes an instruction for all of its operands, on the executor alone. */
final class InstructionBench {
    private static final int WARP = InstructionCheck.WARP;

    private InstructionBench() {}

    static void check(InstructionCheck check) {
        long[][] operands = check.operands();
        KernelRunner runner = new KernelRunner(new FlatMemory(1 << 20 | 64L * operands.length), check.kernel("test"));
        FlatMemory memory = runner.memory;
        int threads = Math.ceilDiv(operands.length, WARP) * WARP;
        long[] addresses = new long[3];
        for (int i = 0; i < addresses.length; i++) {
            long[] column = new long[threads];
            for (int row = 0; row < threads; row++) {
                column[row] = operands[row % operands.length][i];
            }
            addresses[i] = memory.place(MemorySegment.ofArray(column));
        }
        long results = memory.allocate(8L * threads);
        runner.run(new Dim3(threads / WARP, 1, 1), new Dim3(WARP, 1, 1), addresses[0], addresses[1], addresses[2], results);
        for (int i = 0; i < threads; i++) {
            long[] set = operands[i % operands.length];
            long expected = check.expected(i, set);
            long actual = check.result(memory.longAt(results + 8L * i));
            if (actual != expected) {
                fail("%s gives %x, expected %x (thread %d, %s)", check.shown(set), actual, expected, i,
                        InstructionCheck.active(i) ? "active" : "inactive");
            }
        }
    }
}
