package dev.openppu.harness.sim.planted;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.OperatorInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A small change of a method's compiled code, at one instruction.
 *
 * @param text what is changed, for people
 * @param spot the instructions that it may be at
 * @param which of them, from 1
 * @param among how many there have to be: a method that has changed may not be what was meant
 * @param edit writes what comes in place of the instruction
 */
public record CodeChange(String text, Predicate<CodeElement> spot, int which, int among, BiConsumer<CodeBuilder, CodeElement> edit) {

    private static final ClassDesc MATH = ClassDesc.of(Math.class.getName());
    private static final MethodTypeDesc MIN = MethodTypeDesc.of(ConstantDescs.CD_long, ConstantDescs.CD_long, ConstantDescs.CD_long);

    private CodeChange(String text, Predicate<CodeElement> spot, BiConsumer<CodeBuilder, CodeElement> edit) {
        this(text, spot, 1, 1, edit);
    }

    /** The same, at the {@code number}-th of several such instructions. */
    public CodeChange at(int number, int of) {
        return new CodeChange(text + " (" + number + " of " + of + ")", spot, number, of, edit);
    }

    /** A method is not called; what it would have returned is 0, false or null. */
    public static CodeChange dropCall(String method) {
        return new CodeChange(method + "() is not called", call(method), (code, element) -> answer(code, (InvokeInstruction) element, 0));
    }

    /** A method is not called, and is taken to have returned this. */
    public static CodeChange answerCall(String method, int value) {
        return new CodeChange(method + "() is taken to be " + value, call(method),
                (code, element) -> answer(code, (InvokeInstruction) element, value));
    }

    /** A number that a method returns is too large by so much. */
    static CodeChange shiftResult(String method, int by) {
        return new CodeChange("%s() %+d".formatted(method, by), call(method), (code, element) -> {
            code.with(element);
            add(code, TypeKind.from(((InvokeInstruction) element).typeSymbol().returnType()), by);
        });
    }

    /** The last argument of a call is too large by so much. */
    static CodeChange shiftArgument(String method, int by) {
        return new CodeChange("%s(… %+d)".formatted(method, by), call(method), (code, element) -> {
            MethodTypeDesc type = ((InvokeInstruction) element).typeSymbol();
            add(code, TypeKind.from(type.parameterType(type.parameterCount() - 1)), by);
            code.with(element);
        });
    }

    /** A constant is another one. */
    public static CodeChange constant(Number is, Number becomes) {
        return new CodeChange(is + " becomes " + becomes,
                element -> element instanceof ConstantInstruction constant && is.equals(constant.constantValue()),
                (code, element) -> load(code, becomes));
    }

    /** A branch is taken when it should not be, or at other values. */
    static CodeChange branch(Opcode is, Opcode becomes) {
        return new CodeChange(is + " becomes " + becomes, element -> element instanceof BranchInstruction branch && branch.opcode() == is,
                (code, element) -> code.with(BranchInstruction.of(becomes, ((BranchInstruction) element).target())));
    }

    /** An operator is another one of the same operands. */
    static CodeChange operator(Opcode is, Opcode becomes) {
        return new CodeChange(is + " becomes " + becomes,
                element -> element instanceof OperatorInstruction operator && operator.opcode() == is,
                (code, element) -> code.with(OperatorInstruction.of(becomes)));
    }

    /** What an operator gives has the other sign. */
    static CodeChange negated(Opcode is) {
        return new CodeChange("the result of " + is + " has the other sign",
                element -> element instanceof OperatorInstruction operator && operator.opcode() == is, (code, element) -> {
                    code.with(element);
                    code.lneg();
                });
    }

    /** A long variable, by its slot, is read as one too small, unless it is 0. */
    static CodeChange lessBehindFirst(int slot) {
        return insteadOfLocal(slot, "local variable %d -1, unless it is 0".formatted(slot),
                code -> code.lload(slot).lload(slot).loadConstant(1L).invokestatic(MATH, "min", MIN).lsub());
    }

    /** The last argument of a call, a long, is one too small, unless a method of an object in a local variable, by its slot, gives 0. */
    static CodeChange lessBehindFirst(String method, int slot, ClassDesc owner, String offset) {
        return before(method, "one less, unless %s() is 0,".formatted(offset), code -> code.aload(slot)
                .invokevirtual(owner, offset, MethodTypeDesc.of(ConstantDescs.CD_long)).loadConstant(1L).invokestatic(MATH, "min", MIN)
                .lsub());
    }

    /** A field keeps its value. */
    public static CodeChange dropStore(String field) {
        return new CodeChange(field + " is not stored",
                element -> element instanceof FieldInstruction store && store.opcode() == Opcode.PUTFIELD
                        && store.name().equalsString(field),
                (code, element) -> {
                    discard(code, TypeKind.from(((FieldInstruction) element).typeSymbol()));
                    code.pop();
                });
    }

    /** A field is taken for another of the same object and type. */
    static CodeChange field(String is, String becomes) {
        return new CodeChange(is + " is taken for " + becomes,
                element -> element instanceof FieldInstruction load && load.opcode() == Opcode.GETFIELD && load.name().equalsString(is),
                (code, element) -> {
                    FieldInstruction load = (FieldInstruction) element;
                    code.getfield(load.owner().asSymbol(), becomes, load.typeSymbol());
                });
    }

    /** A local variable, by its slot, is taken for another of the same type. */
    static CodeChange local(int is, int becomes) {
        return new CodeChange("local variable " + is + " is taken for " + becomes,
                element -> element instanceof LoadInstruction load && load.slot() == is,
                (code, element) -> code.loadLocal(((LoadInstruction) element).typeKind(), becomes));
    }

    /** A local variable, by its slot, is read as too large by so much. */
    static CodeChange shiftLocal(int slot, int by) {
        return new CodeChange("local variable %d %+d".formatted(slot, by),
                element -> element instanceof LoadInstruction load && load.slot() == slot, (code, element) -> {
                    code.with(element);
                    add(code, ((LoadInstruction) element).typeKind(), by);
                });
    }

    /** What a field has is read as too large by so much. */
    public static CodeChange shiftField(String field, int by) {
        return new CodeChange("%s %+d".formatted(field, by),
                element -> element instanceof FieldInstruction load && load.opcode() == Opcode.GETFIELD && load.name().equalsString(field),
                (code, element) -> {
                    code.with(element);
                    add(code, TypeKind.from(((FieldInstruction) element).typeSymbol()), by);
                });
    }

    /** Another method of the same class is called, which takes and returns the same. */
    public static CodeChange otherCall(String is, String becomes) {
        return new CodeChange("%s() becomes %s()".formatted(is, becomes), call(is), (code, element) -> {
            InvokeInstruction call = (InvokeInstruction) element;
            code.invoke(call.opcode(), call.owner().asSymbol(), becomes, call.typeSymbol(), call.isInterface());
        });
    }

    /** A static method is called instead: it takes the receiver first, then the same, and returns the same. */
    public static CodeChange callInstead(String method, ClassDesc owner, String other, MethodTypeDesc type) {
        return new CodeChange("%s() becomes %s.%s()".formatted(method, owner.displayName(), other), call(method),
                (code, element) -> code.invokestatic(owner, other, type));
    }

    /** Something more is done just before a method is called, which leaves the operands alone. */
    public static CodeChange before(String method, String what, Consumer<CodeBuilder> more) {
        return new CodeChange(what + " before " + method + "()", call(method), (code, element) -> {
            more.accept(code);
            code.with(element);
        });
    }

    /** A local variable, by its slot, is not read: something else comes in its place. */
    public static CodeChange insteadOfLocal(int slot, String what, Consumer<CodeBuilder> other) {
        return new CodeChange(what, element -> element instanceof LoadInstruction load && load.slot() == slot,
                (code, element) -> other.accept(code));
    }

    /** A field of the object on the stack is not read: a local variable comes in its place. */
    public static CodeChange localInsteadOfField(String field, int slot) {
        return new CodeChange(field + " is as it was read before",
                element -> element instanceof FieldInstruction load && load.opcode() == Opcode.GETFIELD && load.name().equalsString(field),
                (code, element) -> code.pop().loadLocal(TypeKind.from(((FieldInstruction) element).typeSymbol()), slot));
    }

    /** A method of the object on the stack, without arguments, is not called: a local variable comes in its place. */
    public static CodeChange localInsteadOfCall(String method, int slot) {
        return new CodeChange(method + "() is as it was before", call(method), (code, element) -> code.pop()
                .loadLocal(TypeKind.from(((InvokeInstruction) element).typeSymbol().returnType()), slot));
    }

    /** What a branch asks for is not looked at: it is never taken. */
    public static CodeChange neverBranch(Opcode is) {
        return new CodeChange(is + " never branches", element -> element instanceof BranchInstruction branch && branch.opcode() == is,
                (code, element) -> {
                    switch (is) {
                        case IF_ICMPEQ, IF_ICMPNE, IF_ICMPLT, IF_ICMPGE, IF_ICMPGT, IF_ICMPLE, IF_ACMPEQ, IF_ACMPNE -> code.pop2();
                        default -> code.pop();
                    }
                });
    }

    private static Predicate<CodeElement> call(String method) {
        return element -> element instanceof InvokeInstruction call && call.name().equalsString(method);
    }

    private static void answer(CodeBuilder code, InvokeInstruction call, int value) {
        MethodTypeDesc type = call.typeSymbol();
        for (int i = type.parameterCount() - 1; i >= 0; i--) {
            discard(code, TypeKind.from(type.parameterType(i)));
        }
        if (call.opcode() != Opcode.INVOKESTATIC) {
            code.pop();
        }
        switch (TypeKind.from(type.returnType())) {
            case VOID -> {
                // nothing
            }
            case LONG -> code.loadConstant((long) value);
            case REFERENCE -> code.aconst_null();
            default -> code.loadConstant(value);
        }
    }

    private static void discard(CodeBuilder code, TypeKind kind) {
        if (kind.slotSize() == 2) {
            code.pop2();
        } else {
            code.pop();
        }
    }

    private static void add(CodeBuilder code, TypeKind kind, int by) {
        switch (kind) {
            case LONG -> code.loadConstant((long) by).ladd();
            case INT -> code.loadConstant(by).iadd();
            default -> throw new IllegalArgumentException("cannot add to a value of " + kind);
        }
    }

    private static void load(CodeBuilder code, Number value) {
        switch (value) {
            case Long number -> code.loadConstant(number.longValue());
            case Integer number -> code.loadConstant(number.intValue());
            case Double number -> code.loadConstant(number.doubleValue());
            default -> throw new IllegalArgumentException(value + " is neither int nor long nor double");
        }
    }
}
