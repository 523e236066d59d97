package dev.openppu.driver.tix;

import dev.openppu.abi.code.DataType;
import dev.openppu.abi.code.StateSpace;

/** What a name stands for. */
sealed interface Symbol {
    /** A register; {@code number} counts 32-bit registers, or predicates where the type is {@code .pred}. */
    record Register(DataType type, int number) implements Symbol {
        boolean isPredicate() {
            return type == DataType.PRED;
        }
    }

    /** A variable in memory. */
    record Variable(StateSpace space, DataType type, int offset, int bytes) implements Symbol {}
}
