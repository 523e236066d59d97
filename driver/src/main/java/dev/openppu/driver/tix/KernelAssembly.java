package dev.openppu.driver.tix;

import dev.openppu.abi.code.CodeLimits;
import dev.openppu.abi.code.DataType;
import dev.openppu.abi.code.Instruction;
import dev.openppu.abi.code.KernelInfo;
import dev.openppu.abi.code.KernelParameter;
import dev.openppu.abi.code.Opcode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A kernel in the making: its instructions, labels and memory. */
final class KernelAssembly {
    private record Line(Instruction.Builder instruction, int line) {}

    private record Jump(int instruction, Token target) {}

    final RegisterAllocator registers = new RegisterAllocator();
    final MemoryLayout shared;
    final MemoryLayout local = new MemoryLayout(".local", CodeLimits.MAX_LOCAL_BYTES);
    final MemoryLayout parameterBlock = new MemoryLayout("parameters", CodeLimits.MAX_PARAMETER_BYTES);
    private final String name;
    private final List<Line> lines = new ArrayList<>();
    private final Map<String, Integer> labels = new HashMap<>();
    private final List<Jump> jumps = new ArrayList<>();
    private final List<KernelParameter> parameters = new ArrayList<>();
    private int maxThreads;
    private boolean ended;

    /** @param sharedBytes shared memory that the module declares for all its kernels */
    KernelAssembly(String name, int sharedBytes) {
        this.name = name;
        this.shared = new MemoryLayout(".shared", CodeLimits.MAX_SHARED_BYTES, sharedBytes);
    }

    String name() {
        return name;
    }

    int size() {
        return lines.size();
    }

    void setMaxThreads(int threads) {
        maxThreads = threads;
    }

    void addParameter(String parameter, DataType type, Symbol.Variable variable) {
        parameters.add(new KernelParameter(parameter, type, variable.offset(), variable.bytes()));
    }

    void emit(Instruction.Builder instruction, int line, boolean endsPath) {
        lines.add(new Line(instruction, line));
        ended = endsPath;
    }

    void jumpTo(Token target) {
        jumps.add(new Jump(lines.size(), target));
    }

    void label(Token label) throws Mistake {
        if (labels.putIfAbsent(label.text(), lines.size()) != null) {
            throw new Mistake(label, "label '" + label.text() + "' is already there", null);
        }
        ended = false;
    }

    /** Resolves jumps, ends the kernel, and appends it to the text. */
    KernelInfo finish(ByteBuffer text, List<Integer> lineTable, SourceText source, int closingLine) {
        if (!ended) {
            lines.add(new Line(Instruction.of(Opcode.EXIT), closingLine));
        }
        for (Jump jump : jumps) {
            Integer target = labels.get(jump.target.text());
            if (target == null) {
                source.report(jump.target.position(), jump.target.length(), "there is no label '" + jump.target.text() + "' in this kernel",
                        Suggestion.among(labels.keySet(), jump.target.text()));
            } else {
                lines.get(jump.instruction).instruction.immediate0((long) (target - jump.instruction) * Instruction.BYTES);
            }
        }
        int entry = text.position();
        for (Line line : lines) {
            line.instruction.build().encode(text);
            lineTable.add(line.line);
        }
        return new KernelInfo(name, entry, registers.mostRegisters(), registers.mostPredicates(), shared.bytes(), local.bytes(), maxThreads,
                parameterBlock.bytes(), parameters);
    }
}
