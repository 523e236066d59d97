package dev.openppu.driver.tix;

import dev.openppu.abi.code.AtomicOperation;
import dev.openppu.abi.code.CacheOperator;
import dev.openppu.abi.code.DataType;
import dev.openppu.abi.code.Instruction;
import dev.openppu.abi.code.Instruction.Operand;
import dev.openppu.abi.code.MemoryOrder;
import dev.openppu.abi.code.Opcode;
import dev.openppu.abi.code.Scope;
import dev.openppu.abi.code.StateSpace;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Loads, stores, atomic operations, and addresses. */
final class MemoryForms {
    private static final Map<String, StateSpace> SPACES = Map.of("global", StateSpace.GLOBAL, "shared", StateSpace.SHARED, "shared::blk",
            StateSpace.SHARED,
            "local", StateSpace.LOCAL, "const", StateSpace.CONST, "param", StateSpace.PARAM);
    private static final Map<String, CacheOperator> LOAD_CACHE = Map.of("ca", CacheOperator.CA, "cr", CacheOperator.CR, "cg",
            CacheOperator.CG, "rt",
            CacheOperator.RT, "cs", CacheOperator.CS, "cv", CacheOperator.CV, "bl", CacheOperator.BL, "ba", CacheOperator.BA);
    private static final Map<String, CacheOperator> STORE_CACHE = Map.of("wb", CacheOperator.WB, "cg", CacheOperator.CG, "wt",
            CacheOperator.WT, "cs",
            CacheOperator.CS, "bl", CacheOperator.BL, "ba", CacheOperator.BA);
    private static final Map<String, Integer> VECTORS = Map.of("v2", 2, "v4", 4, "v8", 8);
    private static final Map<String, MemoryOrder> LOAD_ORDER = Map.of("weak", MemoryOrder.WEAK, "relaxed", MemoryOrder.RELAXED, "acquire",
            MemoryOrder.ACQUIRE, "volatile", MemoryOrder.VOLATILE);
    private static final Map<String, MemoryOrder> STORE_ORDER = Map.of("weak", MemoryOrder.WEAK, "relaxed", MemoryOrder.RELAXED, "release",
            MemoryOrder.RELEASE, "volatile", MemoryOrder.VOLATILE);
    private static final Map<String, MemoryOrder> ATOMIC_ORDER = Map.of("relaxed", MemoryOrder.RELAXED, "acquire", MemoryOrder.ACQUIRE,
            "release", MemoryOrder.RELEASE, "acq_rel", MemoryOrder.ACQ_REL);
    private static final int MAX_VECTOR_BYTES = 32;

    private MemoryForms() {}

    static void register(Map<String, Forms.Form> forms) {
        forms.put("ld", MemoryForms::load);
        forms.put("st", MemoryForms::store);
        forms.put("atom", MemoryForms::atomic);
        forms.put("prefetch", MemoryForms::prefetch);
        forms.put("isspacep", MemoryForms::testSpace);
        forms.put("cvta", MemoryForms::convertAddress);
    }

    private static void load(Statement s) throws Mistake {
        s.begin(Opcode.LD);
        ordering(s, LOAD_ORDER, LOAD_CACHE);
        StateSpace space = s.modifiers().takeOne(SPACES);
        int elements = vector(s);
        DataType type = s.type(TypeSets.STORED);
        s.builder().type(type);
        s.expect(2, "a result and an address (d, [a])");
        address(s, 1, space);
        List<dev.openppu.driver.tix.Operand> results = elements(s, 0, elements, type);
        int width = type.registers();
        int[] registers = new int[elements];
        for (int i = 0; i < elements; i++) {
            registers[i] = s.resultRegister(results.get(i), type, true);
            if (registers[i] != Instruction.NONE) {
                width = Math.max(width, s.register(results.get(i), type, true).type().registers());
            }
        }
        for (dev.openppu.driver.tix.Operand result : results) {
            if (result instanceof dev.openppu.driver.tix.Operand.Register register && register.symbol().type().registers() != width) {
                throw new Mistake(result.at(), "the registers of a vector must have the same size");
            }
        }
        s.builder().resultRegisters(width);
        if (elements == 1) {
            s.builder().operand(Operand.D, registers[0]);
        } else {
            s.builder().elements(registers);
        }
    }

    private static void store(Statement s) throws Mistake {
        s.begin(Opcode.ST);
        ordering(s, STORE_ORDER, STORE_CACHE);
        StateSpace space = s.modifiers().takeOne(SPACES);
        int elements = vector(s);
        DataType type = s.type(TypeSets.STORED);
        s.builder().type(type);
        s.expect(2, "an address and a source ([a], b)");
        StateSpace where = address(s, 0, space);
        if (where == StateSpace.CONST || where == StateSpace.PARAM) {
            throw s.mistake("." + where.name().toLowerCase(java.util.Locale.ROOT) + " memory cannot be written", null);
        }
        List<dev.openppu.driver.tix.Operand> sources = elements(s, 1, elements, type);
        if (elements == 1) {
            s.source(Operand.B, sources.getFirst(), type, true);
            return;
        }
        int[] registers = new int[elements];
        for (int i = 0; i < elements; i++) {
            registers[i] = s.resultRegister(sources.get(i), type, true);
        }
        s.builder().elements(registers);
    }

    /** Ordering with its scope, or a cache hint. */
    private static void ordering(Statement s, Map<String, MemoryOrder> orders, Map<String, CacheOperator> hints) throws Mistake {
        MemoryOrder order = s.modifiers().takeOne(orders);
        Scope scope = s.modifiers().takeConstant(Scope.class, "none");
        CacheOperator cache = s.modifiers().takeOne(hints);
        if (order != null && order != MemoryOrder.WEAK && cache != null) {
            throw s.mistake("an ordered access takes no cache hint", null);
        }
        boolean scoped = order != null && order != MemoryOrder.WEAK && order != MemoryOrder.VOLATILE;
        if (scope != null && !scoped) {
            throw s.mistake("a scope goes with an ordered access", "as in .relaxed.gpu");
        }
        if (scoped && scope == null) {
            throw s.mistake("an ordered access needs a scope", "one of .blk .gpu .sys");
        }
        s.builder().order(order == null ? MemoryOrder.WEAK : order).scope(scope == null ? Scope.NONE : scope)
                .cache(cache == null ? CacheOperator.NONE : cache);
    }

    private static int vector(Statement s) {
        Integer elements = s.modifiers().takeOne(VECTORS);
        return elements == null ? 1 : elements;
    }

    private static List<dev.openppu.driver.tix.Operand> elements(Statement s, int index, int count, DataType type) throws Mistake {
        dev.openppu.driver.tix.Operand operand = s.operand(index);
        if (count * type.bytes() > MAX_VECTOR_BYTES) {
            throw s.mistake(".v" + count + " of " + type.text() + " is more than " + MAX_VECTOR_BYTES + " bytes", null);
        }
        if (!(operand instanceof dev.openppu.driver.tix.Operand.Vector vector)) {
            if (count > 1) {
                throw new Mistake(operand.at(), ".v" + count + " takes a vector of registers", "write {r0, r1, …}");
            }
            return List.of(operand);
        }
        if (vector.elements().size() != count) {
            throw new Mistake(vector.at(), "a vector of " + vector.elements().size() + " registers, the instruction moves " + count);
        }
        return vector.elements();
    }

    /** Encodes an address; a variable says its space, a register does not. Answers the space. */
    private static StateSpace address(Statement s, int index, @Nullable StateSpace written) throws Mistake {
        if (!(s.operand(index) instanceof dev.openppu.driver.tix.Operand.Address address)) {
            throw new Mistake(s.operand(index).at(), "an address is expected here", "addresses stand in brackets: [a] or [a + 4]");
        }
        StateSpace space = written == null ? StateSpace.GENERIC : written;
        long offset = address.offset();
        switch (address.base()) {
            case Symbol.Register register -> {
                DataType type = register.type();
                boolean narrow = type.bits() == 32 && space != StateSpace.GENERIC && space != StateSpace.GLOBAL;
                if (!narrow && type.bits() != 64) {
                    throw new Mistake(address.at(), "addresses here have 64 bits, the register is " + type.text(),
                            type.bits() == 32 ? "only .shared, .local, .const and .param addresses may have 32 bits" : null);
                }
                s.builder().source(Operand.A, Instruction.KIND_REGISTER, register.number())
                        .sourceType(narrow ? DataType.U32 : DataType.U64);
            }
            case Symbol.Variable variable -> {
                space = spaceOf(variable, written, address.at());
                offset += variable.offset();
            }
            case null -> {
                // A number alone.
            }
        }
        s.builder().space(space);
        s.offset(offset);
        return space;
    }

    /** Parameters may be loaded as .param or, as the published description has it, as .const. */
    private static StateSpace spaceOf(Symbol.Variable variable, @Nullable StateSpace written, Token at) throws Mistake {
        StateSpace space = variable.space();
        if (written != null && written != space && !(written == StateSpace.CONST && space == StateSpace.PARAM)) {
            throw new Mistake(at, "this variable is in ." + space.name().toLowerCase(java.util.Locale.ROOT) + ", not in ."
                    + written.name().toLowerCase(java.util.Locale.ROOT));
        }
        return space;
    }

    private static void atomic(Statement s) throws Mistake {
        s.begin(Opcode.ATOM);
        MemoryOrder order = s.modifiers().takeOne(ATOMIC_ORDER);
        Scope scope = s.modifiers().takeConstant(Scope.class, "none");
        StateSpace space = s.modifiers().takeOne(SPACES);
        AtomicOperation operation = s.modifiers().takeConstant(AtomicOperation.class);
        if (operation == null) {
            throw s.mistake("ppu.atom needs an operation", "one of .add .min .max .inc .dec .and .or .xor .exch .cas");
        }
        DataType type = s.type(types(operation));
        if (TypeSets.HALVES.contains(type) && !s.modifiers().take("noftz")) {
            throw s.mistake("ppu.atom.add of " + type.text() + " must say .noftz", null);
        }
        s.builder().type(type).variant(operation.code()).order(order == null ? MemoryOrder.RELAXED : order)
                .scope(scope == null ? Scope.GPU : scope);
        boolean cas = operation == AtomicOperation.CAS;
        s.expect(cas ? 4 : 3,
                cas
                        ? "a result, an address, a value to compare and a new one (d, [a], b, c)"
                        : "a result, an address and a source (d, [a], b)");
        StateSpace where = address(s, 1, space);
        if (where != StateSpace.GENERIC && where != StateSpace.GLOBAL && where != StateSpace.SHARED) {
            throw s.mistake("atomic operations work on .global and .shared memory", null);
        }
        s.result(0, type);
        s.source(Operand.B, 2, type);
        if (cas) {
            s.source(Operand.C, 3, type);
        }
    }

    private static Set<DataType> types(AtomicOperation operation) {
        return switch (operation) {
            case AND, OR, XOR -> TypeSets.BITS_32_64;
            case CAS -> TypeSets.BITS;
            case EXCH -> TypeSets.union(TypeSets.BITS_32_64, TypeSets.INTEGERS_32_64, TypeSets.SINGLE_DOUBLE);
            case ADD -> TypeSets.union(TypeSets.INTEGERS_32_64, TypeSets.SINGLE_DOUBLE, TypeSets.HALVES);
            case INC, DEC -> EnumSet.of(DataType.U32, DataType.U64);
            case MIN, MAX -> TypeSets.INTEGERS_32_64;
        };
    }

    private static void prefetch(Statement s) throws Mistake {
        s.begin(Opcode.PREFETCH);
        StateSpace space = s.modifiers().takeOne(Map.of("global", StateSpace.GLOBAL));
        s.modifiers().take("L1");
        s.expect(1, "an address ([a])");
        address(s, 0, space);
    }

    private static void testSpace(Statement s) throws Mistake {
        s.begin(Opcode.ISSPACEP).space(space(s));
        s.expect(2, "a predicate and an address (p, a)");
        s.resultPredicate(Operand.P, s.operand(0));
        s.source(Operand.A, 1, DataType.U64);
    }

    private static StateSpace space(Statement s) throws Mistake {
        StateSpace space = s.modifiers().takeOne(SPACES);
        if (space == null || space == StateSpace.CONST || space == StateSpace.PARAM) {
            throw s.mistake(s.name() + " needs a space", "one of .global .shared .local");
        }
        return space;
    }

    private static void convertAddress(Statement s) throws Mistake {
        boolean to = s.modifiers().take("to");
        s.begin(to ? Opcode.CVTA_TO : Opcode.CVTA).space(space(s));
        DataType type = s.type(EnumSet.of(DataType.U64));
        s.builder().type(type);
        s.expect(2, "a result and an address (d, a)");
        s.result(0, type);
        s.source(Operand.A, 1, type);
    }
}
