package dev.openppu.model.compute;

import dev.openppu.abi.code.Instruction;
import dev.openppu.abi.code.KernelDescriptor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A kernel's text, decoded once. Immutable. */
final class Program {
    private final Op[] ops;
    private final RegisterRows rows;

    Program(byte[] text, KernelDescriptor kernel) {
        rows = new RegisterRows(kernel.registers());
        Decoder decoder = new Decoder(rows, kernel.predicates(), text.length / Instruction.BYTES);
        ByteBuffer in = ByteBuffer.wrap(text).order(ByteOrder.LITTLE_ENDIAN);
        ops = new Op[text.length / Instruction.BYTES];
        for (int i = 0; i < ops.length; i++) {
            ops[i] = decoder.decode(Instruction.decode(in), i);
        }
    }

    Op[] ops() {
        return ops;
    }

    RegisterRows rows() {
        return rows;
    }
}
