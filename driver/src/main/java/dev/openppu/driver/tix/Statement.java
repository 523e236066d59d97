package dev.openppu.driver.tix;

import dev.openppu.abi.code.DataType;
import dev.openppu.abi.code.Instruction;
import dev.openppu.abi.code.Opcode;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One instruction on its way from operands as written to its encoding. The forms of {@link Forms} drive it. */
final class Statement {
    private static final int IMMEDIATES = 2;

    private final KernelAssembly kernel;
    private final Token mnemonic;
    private final Operand.@Nullable Register guard;
    private final List<Operand> operands;
    private final Names names;
    private final int line;
    private final Modifiers modifiers;
    private Instruction.Builder builder = Instruction.of(Opcode.EXIT);
    private final @Nullable Long[] immediates = new Long[IMMEDIATES];
    private boolean endsPath;
    private boolean usesTemporaries;

    Statement(KernelAssembly kernel, Names names, Token mnemonic, Operand.@Nullable Register guard, List<Operand> operands, int line) {
        this.kernel = kernel;
        this.names = names;
        this.mnemonic = mnemonic;
        this.guard = guard;
        this.operands = operands;
        this.line = line;
        this.modifiers = new Modifiers(mnemonic);
    }

    void assemble() throws Mistake {
        String[] parts = mnemonic.text().split("\\.", 3);
        if (!parts[0].equals("ppu") || parts.length < 2) {
            throw new Mistake(mnemonic, "'" + mnemonic.text() + "' is not an instruction",
                    Forms.knows(parts[0]) ? "instructions begin with ppu., as in ppu." + mnemonic.text() : null);
        }
        if (!Forms.knows(parts[1])) {
            String suggestion = Suggestion.among(Forms.names(), parts[1]);
            throw new Mistake(mnemonic.position(), 4 + parts[1].length(), "there is no instruction ppu." + parts[1], suggestion);
        }
        Forms.assemble(parts[1], this);
        modifiers.done();
        if (guard != null) {
            builder.guard(guard.symbol().number(), guard.negated());
        }
        for (int i = 0; i < IMMEDIATES; i++) {
            Long value = immediates[i];
            if (value != null) {
                var _ = i == 0 ? builder.immediate0(value) : builder.immediate1(value);
            }
        }
        kernel.emit(builder, line, endsPath && guard == null);
        if (usesTemporaries) {
            kernel.registers.leave();
        }
    }

    Modifiers modifiers() {
        return modifiers;
    }

    Instruction.Builder begin(Opcode opcode) {
        builder = Instruction.of(opcode);
        return builder;
    }

    Instruction.Builder builder() {
        return builder;
    }

    /** No thread goes on behind this instruction (unless it is guarded). */
    void endsPath() {
        endsPath = true;
    }

    int count() {
        return operands.size();
    }

    Operand operand(int index) {
        return operands.get(index);
    }

    /** Checks the number of operands. */
    void expect(int least, int most, String shape) throws Mistake {
        if (operands.size() < least || operands.size() > most) {
            throw new Mistake(mnemonic, name() + " takes " + shape + ", there "
                    + (operands.size() == 1 ? "is 1 operand" : "are " + operands.size() + " operands"));
        }
    }

    void expect(int count, String shape) throws Mistake {
        expect(count, count, shape);
    }

    /** The instruction without modifiers. */
    String name() {
        String[] parts = mnemonic.text().split("\\.", 3);
        return parts[0] + "." + parts[1];
    }

    Mistake mistake(String message, @Nullable String hint) {
        return new Mistake(mnemonic, message, hint);
    }

    /** A type among the modifiers that must be one of these. */
    DataType type(Set<DataType> allowed) throws Mistake {
        DataType type = modifiers.takeType();
        if (type == null) {
            throw mistake(name() + " needs a type", "one of " + listed(allowed));
        }
        return checked(type, allowed);
    }

    DataType checked(DataType type, Set<DataType> allowed) throws Mistake {
        if (!allowed.contains(type)) {
            int at = mnemonic.text().indexOf(type.text());
            throw new Mistake(mnemonic.position() + Math.max(0, at), type.text().length(), name() + " has no form for " + type.text(),
                    "it takes " + listed(allowed));
        }
        return type;
    }

    private static String listed(Set<DataType> types) {
        return String.join(" ", types.stream().sorted().map(DataType::text).toList());
    }

    /** The register number of a result; none where it is thrown away. */
    int resultRegister(Operand operand, DataType type, boolean widerAllowed) throws Mistake {
        if (operand instanceof Operand.Sink) {
            return Instruction.NONE;
        }
        return register(operand, type, widerAllowed).number();
    }

    /** A register operand of the type's width (or more, where that is allowed). */
    Symbol.Register register(Operand operand, DataType type, boolean widerAllowed) throws Mistake {
        if (operand instanceof Operand.Name) {
            throw KernelParser.undeclared(operand.at(), names.all());
        }
        if (!(operand instanceof Operand.Register register) || register.negated()) {
            throw new Mistake(operand.at(), "a register is expected here", null);
        }
        DataType declared = register.symbol().type();
        boolean fits = declared == DataType.PRED
                ? type == DataType.PRED
                : type != DataType.PRED && (widerAllowed ? declared.bits() >= type.bits() : declared.bits() == type.bits());
        if (!fits) {
            throw new Mistake(operand.at(),
                    "'" + operand.at().text() + "' is a " + declared.text() + " register, this operand is " + type.text(), null);
        }
        return register.symbol();
    }

    void result(int index, DataType type) throws Mistake {
        builder.operand(Instruction.Operand.D, resultRegister(operand(index), type, false));
    }

    void resultPredicate(Instruction.Operand slot, Operand operand) throws Mistake {
        int number = operand instanceof Operand.Sink ? Instruction.NONE : register(operand, DataType.PRED, false).number();
        builder.operand(slot, number);
    }

    /** A source predicate, which may be negated. */
    void sourcePredicate(int index) throws Mistake {
        Operand operand = operand(index);
        if (operand instanceof Operand.Register register && register.symbol().isPredicate()) {
            builder.sourcePredicate(register.symbol().number(), register.negated());
        } else {
            register(operand, DataType.PRED, false);
        }
    }

    void source(Instruction.Operand slot, int index, DataType type) throws Mistake {
        source(slot, operand(index), type, false);
    }

    /** A source of any kind: register, special register, number, address of a variable. */
    void source(Instruction.Operand slot, Operand operand, DataType type, boolean widerAllowed) throws Mistake {
        switch (operand) {
            case Operand.Number number -> immediate(slot, Literal.bits(number.literal(), type, number.at()), type);
            case Operand.Special special -> {
                if (special.register().bits() != type.bits()) {
                    throw new Mistake(special.at(),
                            "'" + special.at().text() + "' has " + special.register().bits() + " bits, this operand is " + type.text(),
                            null);
                }
                builder.source(slot, Instruction.KIND_SPECIAL, special.register().code());
            }
            case Operand.Variable variable -> immediate(slot, addressOf(variable, type), type);
            default -> builder.source(slot, Instruction.KIND_REGISTER, register(operand, type, widerAllowed).number());
        }
    }

    private static long addressOf(Operand.Variable variable, DataType type) throws Mistake {
        boolean hasAddress = switch (variable.symbol().space()) {
            case SHARED, LOCAL -> true;
            default -> false;
        };
        if (!hasAddress || type.bits() < 32 || type.isFloat()) {
            throw new Mistake(variable.at(), "'" + variable.at().text() + "' is a variable, not a value",
                    "load it with ppu.ld, [" + variable.at().text() + "]");
        }
        return variable.symbol().offset() + variable.offset();
    }

    /** Reserves an immediate for what is not an operand: an offset. */
    void offset(long value) {
        immediates[0] = value;
    }

    void immediate(Instruction.Operand slot, long value, DataType type) throws Mistake {
        for (int i = 0; i < IMMEDIATES; i++) {
            Long taken = immediates[i];
            if (taken == null || taken == value) {
                immediates[i] = value;
                builder.source(slot, i == 0 ? Instruction.KIND_IMMEDIATE_0 : Instruction.KIND_IMMEDIATE_1, 0);
                return;
            }
        }
        builder.source(slot, Instruction.KIND_REGISTER, temporary(value, type));
    }

    /** A register that a preceding move fills with a number for which the instruction has no room. */
    private int temporary(long value, DataType type) throws Mistake {
        if (!usesTemporaries) {
            usesTemporaries = true;
            kernel.registers.enter();
        }
        DataType bits = type.bits() == 64 ? DataType.B64 : DataType.B32;
        Symbol.Register register = kernel.registers.allocate(bits, mnemonic);
        kernel.emit(Instruction.of(Opcode.MOV).type(bits).operand(Instruction.Operand.D, register.number())
                .source(Instruction.Operand.A, Instruction.KIND_IMMEDIATE_0, 0).immediate0(value), line, false);
        return register.number();
    }

    void jump(Operand target) throws Mistake {
        if (!(target instanceof Operand.Name)) {
            throw new Mistake(target.at(), "a label is expected here");
        }
        kernel.jumpTo(target.at());
    }
}
