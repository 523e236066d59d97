package dev.openppu.cli.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReferenceTest {
    @Test
    void addTakesOneRoundingAndNothingElse() {
        Operand a = operand(List.of(3L), 1, 0x1p-24, -0.0);
        Operand b = operand(List.of(3L), 0x1p-24, 1, -0.0);
        assertThat(Reference.ADD.verify(List.of(a, b), operand(List.of(3L), 1, 1, -0.0)).good()).isTrue();
        Comparison off = Reference.ADD.verify(List.of(a, b), operand(List.of(3L), 1, Math.nextUp(1f), 0));
        assertThat(off.wrong()).isEqualTo(1);
        assertThat(off.worst()).isEqualTo(1);
        assertThat(off.maxError()).isEqualTo(0x1p-23);
    }

    @Test
    void aMatrixProductMatchesAHandComputedOne() {
        Operand a = operand(List.of(2L, 3L), 1, 2, 3, 4, 5, 6);
        Operand b = operand(List.of(3L, 2L), 7, 8, 9, 10, 11, 12);
        Comparison right = Reference.MATMUL.verify(List.of(a, b), operand(List.of(2L, 2L), 58, 64, 139, 154));
        assertThat(right.good()).isTrue();
        assertThat(right.elements()).isEqualTo(4);
        assertThat(right.maxError()).isZero();
        Comparison wrong = Reference.MATMUL.verify(List.of(a, b), operand(List.of(2L, 2L), 58, 64, 139, 154.001));
        assertThat(wrong.wrong()).isEqualTo(1);
        assertThat(wrong.worst()).isEqualTo(3);
        assertThat(wrong.expected()).isEqualTo(154);
        assertThat(wrong.seen()).isEqualTo(154.001);
    }

    @Test
    void aSinglePrecisionProductLiesWithinTheTolerance() {
        int m = 7;
        int k = 300;
        int n = 5;
        Random random = new Random(1);
        float[] a = floats(m * k, random);
        float[] b = floats(k * n, random);
        float[] c = new float[m * n];
        for (int i = 0; i < m * n; i++) {
            for (int j = 0; j < k; j++) {
                c[i] += a[i / n * k + j] * b[j * n + i % n];
            }
        }
        Comparison comparison = Reference.MATMUL.verify(
                List.of(operand(List.of((long) m, (long) k), a), operand(List.of((long) k, (long) n), b)),
                operand(List.of((long) m, (long) n), c));
        assertThat(comparison.good()).isTrue();
        assertThat(comparison.maxError()).isPositive();
    }

    @Test
    void noNumberIsRightOnlyWhereNoneIsExpected() {
        Operand a = operand(List.of(2L), Double.NaN, 1);
        Operand b = operand(List.of(2L), 0, 1);
        assertThat(Reference.ADD.verify(List.of(a, b), operand(List.of(2L), Double.NaN, 2)).good()).isTrue();
        Comparison wrong = Reference.ADD.verify(List.of(a, b), operand(List.of(2L), Double.NaN, Double.NaN));
        assertThat(wrong.good()).isFalse();
        assertThat(wrong.maxError()).isInfinite();
    }

    @Test
    void sobelOfAnEdge() {
        Operand picture = operand(List.of(3L, 4L), 0, 0, 50, 50, 0, 0, 50, 50, 0, 0, 50, 50);
        Operand edges = operand(List.of(3L, 4L), 0, 200, 200, 0, 0, 200, 200, 0, 0, 200, 200, 0);
        assertThat(Reference.SOBEL.verify(List.of(picture), edges).good()).isTrue();
        Operand shifted = operand(List.of(3L, 4L), 200, 200, 0, 0, 200, 200, 0, 0, 200, 200, 0, 0);
        assertThat(Reference.SOBEL.verify(List.of(picture), shifted).wrong()).isEqualTo(6);
    }

    @Test
    void sobelRoundsHalfToEvenAndClamps() {
        // gx = 4 * 255, beyond 255; a single pixel step of 1 in a corner: gx = gy = 3, length 4.24.
        assertThat(Reference.SOBEL.verify(List.of(operand(List.of(1L, 3L), 0, 0, 255)), operand(List.of(1L, 3L), 0, 255, 255)).good())
                .isTrue();
        Operand corner = operand(List.of(2L, 2L), 1, 0, 0, 0);
        assertThat(Reference.SOBEL.verify(List.of(corner), operand(List.of(2L, 2L), 4, 3, 3, 1)).good()).isTrue();
    }

    @Test
    void shapesMustGoTogether() {
        Operand a = operand(List.of(2L, 3L), 1, 2, 3, 4, 5, 6);
        assertThatThrownBy(() -> Reference.MATMUL.verify(List.of(a, a), a)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no product");
        assertThatThrownBy(() -> Reference.ADD.verify(List.of(a, a), operand(List.of(1L), 1))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Reference.SOBEL.verify(List.of(operand(List.of(4L), 1, 2, 3, 4)), a))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static float[] floats(int count, Random random) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = random.nextFloat() - 0.5f;
        }
        return values;
    }

    private static Operand operand(List<Long> shape, double... values) {
        return new Operand(shape, index -> values[(int) index]);
    }

    private static Operand operand(List<Long> shape, float[] values) {
        return new Operand(shape, index -> values[(int) index]);
    }
}
