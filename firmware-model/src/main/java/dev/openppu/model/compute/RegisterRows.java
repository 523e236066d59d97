package dev.openppu.model.compute;

import dev.openppu.abi.code.CodeLimits;
import dev.openppu.abi.code.SpecialRegister;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where operands live in a warp's register array. The array is a list of rows, one per 32-bit register, of one int per lane. Behind the kernel's registers
 * come rows that nobody writes while the kernel runs (its immediates, its special registers) and rows that nobody reads (results thrown away), so that every
 * operand is a row and operations need no cases. Built while a program is decoded, immutable afterwards.
 */
final class RegisterRows {
    /** Rows of a result that is thrown away: the widest has four registers. */
    private static final int SINK_ROWS = 4;

    /** A special register and the first of its two rows (low, high). */
    record Special(SpecialRegister register, int row) {}

    private final int registers;
    private int rows;
    private final Map<Long, Integer> immediates = new HashMap<>();
    private final Map<SpecialRegister, Integer> specials = new HashMap<>();
    private final List<Special> specialRows = new ArrayList<>();

    RegisterRows(int registers) {
        this.registers = registers;
        this.rows = registers + SINK_ROWS;
    }

    int registers() {
        return registers;
    }

    /** Index of the first int of the rows for results thrown away. */
    int sink() {
        return registers * CodeLimits.WARP_SIZE;
    }

    /** Index of the first int of the two rows that hold a constant. */
    int immediate(long value) {
        return immediates.computeIfAbsent(value, key -> pair());
    }

    /** Index of the first int of the two rows that hold a special register, zero-extended. */
    int special(SpecialRegister register) {
        return specials.computeIfAbsent(register, key -> {
            int row = pair();
            specialRows.add(new Special(register, row));
            return row;
        });
    }

    List<Special> specials() {
        return specialRows;
    }

    private int pair() {
        int row = rows * CodeLimits.WARP_SIZE;
        rows += 2;
        return row;
    }

    /** A register array with its constants filled in. */
    int[] newRegisters() {
        int[] array = new int[rows * CodeLimits.WARP_SIZE];
        immediates.forEach((value, row) -> fill(array, row, value));
        return array;
    }

    /** Sets all lanes of a pair of rows. */
    static void fill(int[] array, int row, long value) {
        java.util.Arrays.fill(array, row, row + CodeLimits.WARP_SIZE, (int) value);
        java.util.Arrays.fill(array, row + CodeLimits.WARP_SIZE, row + 2 * CodeLimits.WARP_SIZE, (int) (value >>> 32));
    }
}
