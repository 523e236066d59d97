package dev.openppu.cli.reference;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A computation that can be checked on the host. */
public enum Reference {
    /** {@code c = add(a, b)}: element by element, in the arrays' own precision, so exactly. */
    ADD(2) {
        @Override
        public Comparison verify(List<Operand> inputs, Operand result) {
            requireLength(this, result, inputs.get(0).length());
            requireLength(this, inputs.get(1), result.length());
            Comparison.Collector collector = new Comparison.Collector("exact: one rounding to single precision");
            for (long i = 0; i < result.length(); i++) {
                collector.compare((float) inputs.get(0).get(i) + (float) inputs.get(1).get(i), result.get(i), 0);
            }
            return collector.result();
        }
    },

    /**
     * {@code c = matmul(a, b)} of {@code m x k} and {@code k x n}: in double precision. A single-precision sum of k products, in whatever order, differs from the true one by
     * at most k * u / (1 - k * u) times the sum of the products' magnitudes, u = 2^-24 (Higham, Accuracy and Stability of Numerical Algorithms, 3.5); twice that is allowed,
     * and what gradual underflow may lose.
     */
    MATMUL(2) {
        @Override
        public Comparison verify(List<Operand> inputs, Operand result) {
            return new MatrixProduct(inputs.get(0), inputs.get(1)).verify(result);
        }
    },

    /** {@code edges = sobel(picture)} of gray bytes: gradient length, rounded half to even, clamped to 255; the nearest pixel counts beyond the border. Exactly. */
    SOBEL(1) {
        @Override
        public Comparison verify(List<Operand> inputs, Operand result) {
            return SobelFilter.verify(inputs.get(0), result);
        }
    };

    private final int inputs;

    Reference(int inputs) {
        this.inputs = inputs;
    }

    /** How many arrays it takes. */
    public int inputs() {
        return inputs;
    }

    /** As headers name it. */
    public String shortName() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    /** By the name that headers give it. */
    public static Optional<Reference> of(String name) {
        return Arrays.stream(values()).filter(reference -> reference.shortName().equals(name)).findFirst();
    }

    /**
     * Computes the whole result again and compares.
     *
     * @throws IllegalArgumentException if shapes do not go together
     */
    public abstract Comparison verify(List<Operand> inputs, Operand result);

    static void requireLength(Reference reference, Operand operand, long length) {
        if (operand.length() != length) {
            throw new IllegalArgumentException(
                    reference.shortName() + ": arrays of " + operand.shape() + " and " + length + " elements do not go together");
        }
    }
}
