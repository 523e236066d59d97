package dev.openppu.harness.tix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.harness.compute.BlockCatalogue;
import dev.openppu.harness.compute.BlockCheck;
import dev.openppu.harness.compute.InstructionCatalogue;
import dev.openppu.model.compute.Dim3;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every instruction of the catalogue, with all of its operands; every program of a block, with different interleavings of its warps. */
class InstructionTest {
    private static final int[] SLICES = {1, 2, 7, 64, 100_000};

    @TestFactory
    Stream<DynamicContainer> instructions() {
        return InstructionCatalogue.groups().entrySet().stream().map(group -> DynamicContainer.dynamicContainer(group.getKey(),
                group.getValue().stream()
                        .map(check -> DynamicTest.dynamicTest(check.instruction(), () -> InstructionBench.check(check)))));
    }

    @TestFactory
    Stream<DynamicContainer> blocks() {
        return BlockCatalogue.groups().entrySet().stream().map(group -> DynamicContainer.dynamicContainer(group.getKey(),
                group.getValue().stream().flatMap(check -> IntStream.of(SLICES).mapToObj(slice -> DynamicTest.dynamicTest(
                        "%d instructions at a time of: %s".formatted(slice, check.shown()), () -> run(check, slice))))));
    }

    private static void run(BlockCheck check, int slice) {
        KernelRunner runner = KernelRunner.of(check.kernel("test")).slice(slice);
        long out = runner.memory.allocate(4L * check.threads());
        runner.run(new Dim3(1, 1, 1), new Dim3(check.threads(), 1, 1), out);
        for (int thread = 0; thread < check.threads(); thread++) {
            assertThat(runner.memory.intAt(out + 4L * thread)).as("thread %d", thread).isEqualTo(check.expected().applyAsInt(thread));
        }
    }
}
