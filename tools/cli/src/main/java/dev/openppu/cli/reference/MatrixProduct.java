package dev.openppu.cli.reference;

import java.util.Arrays;

/** A product of two matrices in double precision, row by row, with the sums of the products' magnitudes beside it. */
final class MatrixProduct {
    private static final double UNIT_ROUNDOFF = 0x1p-24;

    private final Operand a;
    private final double[] b;
    private final int m;
    private final int k;
    private final int n;

    MatrixProduct(Operand a, Operand b) {
        if (a.shape().size() != 2 || b.shape().size() != 2 || !a.shape().get(1).equals(b.shape().get(0))) {
            throw new IllegalArgumentException("matmul: matrices of " + a.shape() + " and " + b.shape() + " have no product");
        }
        this.a = a;
        this.m = Math.toIntExact(a.shape().get(0));
        this.k = Math.toIntExact(a.shape().get(1));
        this.n = Math.toIntExact(b.shape().get(1));
        this.b = new double[Math.multiplyExact(k, n)];
        for (int i = 0; i < this.b.length; i++) {
            this.b[i] = b.get(i);
        }
    }

    Comparison verify(Operand c) {
        Reference.requireLength(Reference.MATMUL, c, (long) m * n);
        double factor = 2 * k * UNIT_ROUNDOFF / (1 - k * UNIT_ROUNDOFF);
        Comparison.Collector collector = new Comparison.Collector("2 k u / (1 - k u) of the sum of |a b|, k = " + k + ", u = 2^-24");
        double[] sums = new double[n];
        double[] magnitudes = new double[n];
        for (int row = 0; row < m; row++) {
            multiply(row, sums, magnitudes);
            for (int column = 0; column < n; column++) {
                double bound = factor * magnitudes[column] + k * (double) Float.MIN_VALUE;
                collector.compare(sums[column], c.get((long) row * n + column), bound);
            }
        }
        return collector.result();
    }

    private void multiply(int row, double[] sums, double[] magnitudes) {
        Arrays.fill(sums, 0);
        Arrays.fill(magnitudes, 0);
        for (int i = 0; i < k; i++) {
            double x = a.get((long) row * k + i);
            for (int column = 0; column < n; column++) {
                double product = x * b[i * n + column];
                sums[column] += product;
                magnitudes[column] += Math.abs(product);
            }
        }
    }
}
