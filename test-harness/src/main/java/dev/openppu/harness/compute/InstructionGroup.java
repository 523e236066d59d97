package dev.openppu.harness.compute;

import java.util.List;

/**
 * Instructions that do alike.
 *
 * @param title what they are said to do, in words
 * @param all where they go
 */
record InstructionGroup(String title, List<InstructionCheck> all) {
    void check(String instruction, int[] bits, long[][] operands, InstructionCheck.Reference reference) {
        all.add(new InstructionCheck(title, instruction, bits, operands, reference));
    }
}
