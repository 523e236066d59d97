package dev.openppu.rdl.emit.java;

import static dev.openppu.rdl.emit.CompiledAccessors.call;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.rdl.emit.CompiledAccessors;
import dev.openppu.rdl.emit.naming.BlockTypes;
import dev.openppu.rdl.emit.naming.BodyType;
import dev.openppu.rdl.emit.naming.NameScope;
import dev.openppu.rdl.model.AddressMap;
import dev.openppu.rdl.model.Addressable;
import dev.openppu.rdl.model.ArrayShape;
import dev.openppu.rdl.model.Field;
import dev.openppu.rdl.model.Memory;
import dev.openppu.rdl.model.Register;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Uses everything that compiled accessors of a map have, and holds what they do and say against the map. */
final class AccessorWalk {

    private final CompiledAccessors accessors;
    private final JavaTypes names;
    private final BlockTypes types;
    private final Random random;
    private int registers;

    AccessorWalk(CompiledAccessors accessors, AddressMap map, Random random) {
        this.accessors = accessors;
        this.types = new BlockTypes(List.of(map));
        this.names = new JavaTypes(types);
        this.random = random;
    }

    /** Walks all of it; the first and the last element and one between stand for an array. Returns the registers met. */
    int walk(AddressMap map) throws Exception {
        BodyType root = types.root(map);
        block(accessors.create(names.of(root), 0), root, 0);
        for (BodyType type : types.all()) {
            for (Register register : type.registers()) {
                fields(register, accessors.nested(names.of(type), names.membersOf(type).of(register).type()));
            }
        }
        return registers;
    }

    // ---- blocks

    private void block(Object accessor, BodyType type, long base) throws Exception {
        assertThat(call(accessor, "base")).isEqualTo(base);
        JavaMembers members = names.membersOf(type);
        for (BodyType.Member member : type.members()) {
            place(names.of(type), members, member.block());
            for (long element : chosen(member.block().array())) {
                Object inner = call(accessor, members.of(member.block()).lower(), indices(member.block().array(), element));
                block(inner, member.type(), base + member.block().offset() + member.block().array().offset(element));
            }
        }
        for (Register register : type.registers()) {
            place(names.of(type), members, register);
            for (long element : chosen(register.array())) {
                long address = base + register.offset() + register.array().offset(element);
                register(accessor, register, members.of(register).upper(), element, address, type.bigEndian());
            }
        }
        if (type.block() instanceof Memory memory && memory.sw().canRead() && memory.sw().canWrite() && memory.width() <= 64) {
            entries(accessor, memory, base);
        }
    }

    private void place(String className, JavaMembers members, Addressable node) {
        String constant = members.of(node).constant();
        assertThat(accessors.constant(className, constant + "_OFFSET")).isEqualTo(node.offset());
        if (node.array().isArray()) {
            assertThat(accessors.constant(className, constant + "_STRIDE")).isEqualTo(node.array().stride());
            assertThat(((Number) accessors.constant(className, constant + "_COUNT")).longValue()).isEqualTo(node.array().count());
        }
    }

    private List<Long> chosen(ArrayShape array) {
        long count = array.count();
        return Stream.of(0L, random.nextLong(count), count - 1).distinct().toList();
    }

    private static Object[] indices(ArrayShape array, long element, Object... more) {
        List<Object> indices = new ArrayList<>();
        long rest = element;
        for (long dimension : array.dimensions().reversed()) {
            long index = rest % dimension;
            indices.addFirst(array.count() > Integer.MAX_VALUE ? (Object) index : (Object) (int) index);
            rest /= dimension;
        }
        indices.addAll(List.of(more));
        return indices.toArray();
    }

    private void entries(Object accessor, Memory memory, long base) throws Exception {
        long last = memory.entries() - 1;
        BigInteger value = new BigInteger(memory.width(), random);
        long stride = memory.elementSize() / memory.entries();
        Object index = memory.entries() > Integer.MAX_VALUE ? (Object) last : (Object) (int) last;
        call(accessor, "writeEntry", index, stride > 4 ? (Object) value.longValue() : (Object) value.intValue());
        assertThat(memoryAt(base + last * stride, (int) stride)).isEqualTo(value);
        BigInteger read = unsigned(call(accessor, "readEntry", index), stride > 4 ? 64 : 32);
        assertThat(read).isEqualTo(value);
    }

    // ---- registers

    private void register(Object accessor, Register register, String upper, long element, long address, boolean bigEndian)
            throws Exception {
        registers++;
        BigInteger value = new BigInteger(register.width(), random);
        if (register.isWritable()) {
            call(accessor, "write" + upper, indices(register.array(), element, raw(register, value)));
            assertThat(stored(register, address, bigEndian)).as("%s at %x", register.name(), address).isEqualTo(value);
        }
        if (register.isReadable()) {
            BigInteger there = stored(register, address, bigEndian);
            if (register.width() > 64) {
                long[] words = new long[register.width() / 64];
                call(accessor, "read" + upper, indices(register.array(), element, words));
                assertThat(number(words)).isEqualTo(there);
                Object word = call(accessor, "read" + upper, indices(register.array(), element, words.length - 1));
                assertThat(word).isEqualTo(words[words.length - 1]);
            } else {
                Object read = call(accessor, "read" + upper, indices(register.array(), element));
                assertThat(unsigned(read, register.width() > 32 ? 64 : 32)).isEqualTo(there);
            }
        }
    }

    /** What the memory holds for the register: its lowest address has the lowest bits, or, access by access, the highest. */
    private BigInteger stored(Register register, long address, boolean bigEndian) throws Exception {
        int access = Math.min(64, register.accessWidth()) / 8;
        int pieces = register.width() / 8 / access;
        BigInteger value = BigInteger.ZERO;
        for (int piece = 0; piece < pieces; piece++) {
            int significance = bigEndian ? pieces - 1 - piece : piece;
            value = value.or(memoryAt(address + (long) piece * access, access).shiftLeft(significance * access * 8));
        }
        return value;
    }

    private BigInteger memoryAt(long address, int bytes) throws Exception {
        BigInteger value = BigInteger.ZERO;
        for (int i = 0; i < bytes; i++) {
            long one = (Byte) call(accessors.mmio(), "read8", address + i) & 0xff;
            value = value.or(BigInteger.valueOf(one).shiftLeft(8 * i));
        }
        return value;
    }

    private static Object raw(Register register, BigInteger value) {
        if (register.width() > 64) {
            return words(value, register.width());
        }
        return register.width() > 32 ? (Object) value.longValue() : (Object) value.intValue();
    }

    static long[] words(BigInteger value, int width) {
        long[] words = new long[(width + 63) / 64];
        for (int i = 0; i < words.length; i++) {
            words[i] = value.shiftRight(64 * i).longValue();
        }
        return words;
    }

    static BigInteger number(long[] words) {
        BigInteger value = BigInteger.ZERO;
        for (int i = 0; i < words.length; i++) {
            value = value.or(unsigned(words[i], 64).shiftLeft(64 * i));
        }
        return value;
    }

    static BigInteger unsigned(Object number, int bits) {
        return BigInteger.valueOf(((Number) number).longValue()).mod(BigInteger.ONE.shiftLeft(bits));
    }

    // ---- fields

    private void fields(Register register, String className) throws Exception {
        NameScope.Names<Field, JavaMembers.Stem> stems = RegisterFields.names(register);
        boolean wide = register.width() > 64;
        if (wide) {
            long[] reset = new long[register.width() / 64];
            accessors.callStatic(className, "loadReset", (Object) reset);
            assertThat(number(reset)).isEqualTo(register.reset());
        } else {
            assertThat(unsigned(accessors.constant(className, "RESET"), register.width())).isEqualTo(register.reset());
        }
        for (Field field : register.fields()) {
            JavaMembers.Stem stem = stems.of(field);
            assertThat(accessors.constant(className, stem.constant() + "_LSB")).isEqualTo(field.low());
            assertThat(accessors.constant(className, stem.constant() + "_WIDTH")).isEqualTo(field.width());
            BigInteger raw = new BigInteger(register.width(), random);
            BigInteger value = new BigInteger(field.width(), random);
            BigInteger replaced = raw.andNot(field.mask()).or(value.shiftLeft(field.low()));
            if (wide) {
                wideField(field, stem, className, words(raw, register.width()), value, replaced);
            } else {
                assertThat(unsigned(accessors.constant(className, stem.constant() + "_MASK"), register.width() > 32 ? 64 : 32))
                        .isEqualTo(field.mask());
                narrowField(register, field, stem, className, raw, value, replaced);
            }
        }
    }

    private void narrowField(Register register, Field field, JavaMembers.Stem stem, String className, BigInteger raw, BigInteger value,
            BigInteger replaced) throws Exception {
        Object given = raw(register, raw);
        Object got = accessors.callStatic(className, stem.lower(), given);
        boolean longs = register.width() > 32 || field.width() > 31;
        assertThat(asNumber(got, 64)).as(field.name()).isEqualTo(raw.and(field.mask()).shiftRight(field.low()));
        Object set = RegisterFields.isFlag(field)
                ? (Object) (value.signum() != 0)
                : longs ? (Object) value.longValue() : (Object) value.intValue();
        Object after = accessors.callStatic(className, "with" + stem.upper(), given, set);
        assertThat(unsigned(after, register.width() > 32 ? 64 : 32)).as(field.name()).isEqualTo(replaced);
    }

    private void wideField(Field field, JavaMembers.Stem stem, String className, long[] raw, BigInteger value, BigInteger replaced)
            throws Exception {
        BigInteger expected = number(raw).and(field.mask()).shiftRight(field.low());
        Object set;
        if (field.width() > 64) {
            long[] got = new long[(field.width() + 63) / 64];
            accessors.callStatic(className, stem.lower(), raw, got);
            assertThat(number(got)).as(field.name()).isEqualTo(expected);
            set = words(value, field.width());
        } else {
            assertThat(asNumber(accessors.callStatic(className, stem.lower(), (Object) raw), 64)).as(field.name()).isEqualTo(expected);
            set = RegisterFields.isFlag(field) ? (Object) (value.signum() != 0) : (Object) value.longValue();
        }
        accessors.callStatic(className, "set" + stem.upper(), raw, set);
        assertThat(number(raw)).as(field.name()).isEqualTo(replaced);
    }

    private static BigInteger asNumber(Object value, int bits) {
        return value instanceof Boolean flag ? BigInteger.valueOf(flag ? 1 : 0) : unsigned(value, bits);
    }
}
