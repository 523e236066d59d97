package dev.openppu.model.compute;

/** A relation of the raw bits of two operands, zero-extended. */
interface LanePredicate {
    boolean test(long a, long b);
}
