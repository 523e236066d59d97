package dev.openppu.driver.tix;

import dev.openppu.abi.code.SpecialRegister;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An operand as written, names resolved. */
sealed interface Operand {
    /** Where it is written. */
    Token at();

    record Register(Token at, Symbol.Register symbol, boolean negated) implements Operand {}

    record Special(Token at, SpecialRegister register) implements Operand {}

    record Number(Token at, Literal literal) implements Operand {}

    /** {@code [base + offset]}; the base is a register, a variable, or not there. */
    record Address(Token at, @Nullable Symbol base, long offset) implements Operand {}

    record Vector(Token at, List<Operand> elements) implements Operand {}

    /** A variable's name without brackets: its address. */
    record Variable(Token at, Symbol.Variable symbol, long offset) implements Operand {}

    /** A name that no declaration explains: a label, or a mistake. */
    record Name(Token at) implements Operand {}

    /** {@code _}: the result is thrown away. */
    record Sink(Token at) implements Operand {}

    /** {@code d|p}: two results. */
    record Pair(Token at, Operand first, Operand second) implements Operand {}
}
