package dev.openppu.model.compute;

import dev.openppu.abi.code.CodeLimits;
import dev.openppu.abi.code.DataType;
import dev.openppu.abi.code.Instruction;
import dev.openppu.abi.code.Instruction.Operand;
import dev.openppu.abi.code.SpecialRegister;
import dev.openppu.abi.error.FaultMapping;
import org.jspecify.annotations.Nullable;

/** An instruction in the course of decoding: its operands checked against the kernel's registers and turned into rows. */
final class Decoded {
    private final Instruction instruction;
    private final RegisterRows rows;
    private final int predicates;
    private boolean readsTime;

    Decoded(Instruction instruction, RegisterRows rows, int predicates) {
        this.instruction = instruction;
        this.rows = rows;
        this.predicates = predicates;
    }

    Instruction instruction() {
        return instruction;
    }

    /** True when an operand already asked for is a clock or timer. */
    boolean readsTime() {
        return readsTime;
    }

    int guard() {
        return instruction.guard();
    }

    boolean guardNegated() {
        return instruction.guardNegated();
    }

    void checkGuard() throws InvalidCode {
        checkPredicate(instruction.guard());
    }

    /** A field that must mean something. */
    static <T> T valid(@Nullable T field) throws InvalidCode {
        if (field == null) {
            throw new InvalidCode(FaultMapping.KERNEL_INVALID_INSTRUCTION);
        }
        return field;
    }

    static void require(boolean holds) throws InvalidCode {
        if (!holds) {
            throw new InvalidCode(FaultMapping.KERNEL_INVALID_INSTRUCTION);
        }
    }

    DataType type() throws InvalidCode {
        return valid(instruction.type());
    }

    DataType sourceType() throws InvalidCode {
        return valid(instruction.sourceType());
    }

    /** Row of the result, of as many registers as said; the sink when the result is thrown away. */
    int destination(int registers) throws InvalidCode {
        return destinationRegister(instruction.operand(Operand.D), registers);
    }

    int destinationRegister(int register, int registers) throws InvalidCode {
        return register == Instruction.NONE ? rows.sink() : registerRow(register, registers);
    }

    /** Row of a source operand of as many registers as said (at most two unless it is a register). */
    int source(Operand operand, int registers) throws InvalidCode {
        int value = instruction.operand(operand);
        return switch (instruction.kind(operand)) {
            case Instruction.KIND_REGISTER -> registerRow(value, registers);
            case Instruction.KIND_IMMEDIATE_0 -> rows.immediate(instruction.immediate0());
            case Instruction.KIND_IMMEDIATE_1 -> rows.immediate(instruction.immediate1());
            default -> special(value);
        };
    }

    private int special(int number) throws InvalidCode {
        SpecialRegister register = SpecialRegister.of(number);
        if (register == null) {
            throw new InvalidCode(FaultMapping.KERNEL_INVALID_REGISTER);
        }
        readsTime |= register.changesWithTime();
        return rows.special(register);
    }

    int registerRow(int register, int registers) throws InvalidCode {
        if (register + registers > rows.registers()) {
            throw new InvalidCode(FaultMapping.KERNEL_INVALID_REGISTER);
        }
        if (register % registers != 0) {
            throw new InvalidCode(FaultMapping.KERNEL_INVALID_REGISTER);
        }
        return register * CodeLimits.WARP_SIZE;
    }

    boolean has(Operand operand) {
        return instruction.operand(operand) != Instruction.NONE || instruction.kind(operand) != Instruction.KIND_REGISTER;
    }

    /** Number of a predicate that is read. */
    int sourcePredicate(Operand operand) throws InvalidCode {
        int predicate = instruction.operand(operand);
        checkPredicate(predicate);
        return predicate;
    }

    /** Number of a predicate that is written, or of the one that nobody reads when the result is thrown away. */
    int resultPredicate(Operand operand) throws InvalidCode {
        int predicate = instruction.operand(operand);
        if (predicate == Instruction.NONE) {
            return Warp.SINK_PREDICATE;
        }
        if (predicate >= predicates) {
            throw new InvalidCode(FaultMapping.KERNEL_INVALID_REGISTER);
        }
        return predicate;
    }

    private void checkPredicate(int predicate) throws InvalidCode {
        if (predicate >= predicates && predicate != Instruction.TRUE_PREDICATE) {
            throw new InvalidCode(FaultMapping.KERNEL_INVALID_REGISTER);
        }
    }
}
