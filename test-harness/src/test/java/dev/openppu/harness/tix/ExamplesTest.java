package dev.openppu.harness.tix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.driver.tix.LaunchHeader;
import dev.openppu.model.compute.Dim3;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The examples with sizes that do and do not divide the block, launched as their headers say, against plain Java. */
class ExamplesTest {
    private static String example(String name) throws IOException {
        Path here = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(here.resolve("examples"))) {
            here = here.getParent();
        }
        return Files.readString(here.resolve("examples").resolve(name));
    }

    private static Dim3 extents(java.util.List<dev.openppu.driver.tix.LaunchExpression> expressions, Map<String, Long> sizes)
            throws Exception {
        int[] extents = LaunchHeader.extents(expressions, sizes);
        return new Dim3(extents[0], extents[1], extents[2]);
    }

    private static void launch(KernelRunner runner, String source, Map<String, Long> sizes, Object... arguments) throws Exception {
        LaunchHeader header = LaunchHeader.parse("example.tix", source.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        assertThat(runner.object().kernels().getFirst().name()).isEqualTo(header.kernel().orElseThrow());
        runner.run(extents(header.grid(), sizes), extents(header.block(), sizes), arguments);
    }

    private static float[] floats(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = random.nextFloat(-10, 10);
        }
        return values;
    }

    @ParameterizedTest
    @CsvSource({"1", "255", "256", "1000"})
    void vecaddAdds(int n) throws Exception {
        String source = example("vecadd.tix");
        KernelRunner runner = KernelRunner.of(source);
        Random random = new Random(n);
        float[] a = floats(random, n);
        float[] b = floats(random, n);
        long c = runner.memory.allocate(4L * n + 4);
        launch(runner, source, new HashMap<>(Map.of("n", (long) n)), runner.memory.place(MemorySegment.ofArray(a)),
                runner.memory.place(MemorySegment.ofArray(b)), c, n);
        for (int i = 0; i < n; i++) {
            assertThat(runner.memory.floatAt(c + 4L * i)).isEqualTo(a[i] + b[i]);
        }
        assertThat(runner.memory.intAt(c + 4L * n)).as("nothing beyond the end").isZero();
    }

    @ParameterizedTest
    @CsvSource({"1,1,1", "16,16,16", "17,33,5", "40,7,100", "64,48,32"})
    void matmulMultiplies(int m, int n, int k) throws Exception {
        String source = example("matmul.tix");
        KernelRunner runner = KernelRunner.of(source);
        Random random = new Random((long) m * n * k);
        float[] a = floats(random, m * k);
        float[] b = floats(random, k * n);
        long c = runner.memory.allocate(4L * m * n);
        launch(runner, source, new HashMap<>(Map.of("m", (long) m, "n", (long) n, "k", (long) k)),
                runner.memory.place(MemorySegment.ofArray(a)),
                runner.memory.place(MemorySegment.ofArray(b)), c, m, n, k);
        for (int row = 0; row < m; row++) {
            for (int column = 0; column < n; column++) {
                float sum = 0;
                for (int i = 0; i < k; i++) {
                    sum = Math.fma(a[row * k + i], b[i * n + column], sum);
                }
                assertThat(runner.memory.floatAt(c + 4L * (row * n + column))).as("C[%d,%d]", row, column).isEqualTo(sum);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1,1", "16,16", "37,21", "5,100"})
    void sobelFindsEdges(int width, int height) throws Exception {
        String source = example("sobel.tix");
        KernelRunner runner = KernelRunner.of(source);
        byte[] picture = new byte[width * height];
        new Random((long) width * height).nextBytes(picture);
        long edges = runner.memory.allocate(picture.length);
        launch(runner, source, new HashMap<>(Map.of("width", (long) width, "height", (long) height)),
                runner.memory.place(MemorySegment.ofArray(picture)), edges,
                width, height);
        int[][] x = {{-1, 0, 1}, {-2, 0, 2}, {-1, 0, 1}};
        for (int row = 0; row < height; row++) {
            for (int column = 0; column < width; column++) {
                int gx = 0;
                int gy = 0;
                for (int i = -1; i <= 1; i++) {
                    for (int j = -1; j <= 1; j++) {
                        int pixel = picture[Math.clamp(row + i, 0, height - 1) * width + Math.clamp(column + j, 0, width - 1)] & 0xFF;
                        gx += x[i + 1][j + 1] * pixel;
                        gy += x[j + 1][i + 1] * pixel;
                    }
                }
                int expected = Math.min(255, (int) Math.rint(Math.sqrt((double) gx * gx + (double) gy * gy)));
                assertThat(runner.memory.byteAt(edges + (long) row * width + column)).as("pixel %d,%d", column, row).isEqualTo(expected);
            }
        }
    }
}
