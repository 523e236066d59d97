package dev.openppu.driver.tix;

import dev.openppu.abi.code.DataType;
import dev.openppu.abi.code.Instruction;
import java.util.ArrayDeque;
import java.util.Deque;

/** Gives declared registers their numbers: in order, aligned to their size; what a block { } declared is free again after it. */
final class RegisterAllocator {
    private record Mark(int registers, int predicates) {}

    private final Deque<Mark> marks = new ArrayDeque<>();
    private int registers;
    private int predicates;
    private int mostRegisters;
    private int mostPredicates;

    void enter() {
        marks.push(new Mark(registers, predicates));
    }

    void leave() {
        Mark mark = marks.pop();
        registers = mark.registers;
        predicates = mark.predicates;
    }

    Symbol.Register allocate(DataType type, Token at) throws Mistake {
        if (type == DataType.PRED) {
            if (predicates == Instruction.MAX_PREDICATES) {
                throw new Mistake(at, "too many predicates: a thread has " + Instruction.MAX_PREDICATES, null);
            }
            mostPredicates = Math.max(mostPredicates, predicates + 1);
            return new Symbol.Register(type, predicates++);
        }
        int size = type.registers();
        int number = (registers + size - 1) / size * size;
        if (number + size > Instruction.MAX_REGISTERS) {
            throw new Mistake(at, "too many registers: a thread has " + Instruction.MAX_REGISTERS + " of 32 bits, this one would need "
                    + (number + size), "declare registers inside { } so that they can be used again after it");
        }
        registers = number + size;
        mostRegisters = Math.max(mostRegisters, registers);
        return new Symbol.Register(type, number);
    }

    int mostRegisters() {
        return mostRegisters;
    }

    int mostPredicates() {
        return mostPredicates;
    }
}
