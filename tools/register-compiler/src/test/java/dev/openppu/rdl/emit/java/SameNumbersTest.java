package dev.openppu.rdl.emit.java;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.rdl.Rdl;
import dev.openppu.rdl.RdlCompiler;
import dev.openppu.rdl.emit.CProgram;
import dev.openppu.rdl.emit.CompiledAccessors;
import dev.openppu.rdl.emit.HardMaps;
import dev.openppu.rdl.emit.naming.BlockTypes;
import dev.openppu.rdl.emit.naming.BodyType;
import dev.openppu.rdl.emit.naming.NameScope;
import dev.openppu.rdl.model.AddressMap;
import dev.openppu.rdl.model.Addressable;
import dev.openppu.rdl.model.EnumType;
import dev.openppu.rdl.model.Expansion;
import dev.openppu.rdl.model.Field;
import dev.openppu.rdl.model.Memory;
import dev.openppu.rdl.model.Register;
import dev.openppu.rdl.model.RegisterInstance;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A C program that includes the header, the compiled Java classes and the map: the same numbers, one by one. */
class SameNumbersTest {

    private static final Pattern INDEX = Pattern.compile("\\[(\\d+)\\]");

    @TempDir
    private Path folder;
    private final Map<String, BigInteger> expected = new HashMap<>();
    private CompiledAccessors accessors;
    private JavaTypes names;

    static Stream<String> hardMaps() {
        return HardMaps.texts();
    }

    @ParameterizedTest
    @MethodSource("hardMaps")
    void everyHardHeaderCompiles(String text) throws IOException {
        new CProgram(folder, Rdl.map(text)).compileAlone();
    }

    static Stream<String> mapsOfPlainNames() {
        return HardMaps.plainlyNamed();
    }

    @ParameterizedTest
    @MethodSource("mapsOfPlainNames")
    void hardMap(String text) throws Exception {
        compare(Rdl.map(text), folder);
    }

    @Test
    void registersOfTheProject() throws Exception {
        for (AddressMap map : new RdlCompiler().add(Path.of("../../hal/abi/src/main/rdl/ppu.rdl")).compile().maps().values()) {
            expected.clear();
            compare(map, Files.createDirectory(folder.resolve(map.name())));
            assertThat(expected).hasSizeGreaterThan(20);
        }
    }

    private void compare(AddressMap map, Path where) throws Exception {
        CProgram program = new CProgram(where, map);
        BlockTypes types = new BlockTypes(List.of(map));
        names = new JavaTypes(types);
        try (CompiledAccessors compiled = new CompiledAccessors(where, List.of(map), Map.of())) {
            accessors = compiled;
            String prefix = upper(map.name());
            for (BodyType type : types.all()) {
                expect(type, type == types.root(map) ? prefix : prefix + "_" + upper(type.block().typeName()));
            }
            types.enums().forEach(type -> expect(prefix, type));
        }
        Map<String, BigInteger> numbers = program.numbers();
        numbers.keySet().removeIf(name -> name.endsWith("_REGISTERS_H") || name.endsWith("_ADDR"));
        assertThat(numbers).containsExactlyInAnyOrderEntriesOf(expected);
        Map<String, BigInteger> addresses = Expansion.registers(map).limit(3000)
                .collect(Collectors.toMap(SameNumbersTest::addressMacro, each -> BigInteger.valueOf(each.address())));
        assertThat(program.evaluate(List.copyOf(addresses.keySet()))).containsExactlyInAnyOrderEntriesOf(addresses);
    }

    private static String upper(String name) {
        return name.toUpperCase(Locale.ROOT);
    }

    /** {@code top.a[1].b} → {@code TOP_A_B_ADDR(1)}. */
    private static String addressMacro(RegisterInstance instance) {
        List<String> indices = INDEX.matcher(instance.path()).results().map(match -> match.group(1)).toList();
        String path = INDEX.matcher(instance.path()).replaceAll("").replace('.', '_');
        return upper(path) + "_ADDR" + (indices.isEmpty() ? "" : "(" + String.join(", ", indices) + ")");
    }

    // ---- what the map says, and Java too

    private void expect(String name, BigInteger value, Object java) {
        expected.put(name, value);
        assertThat(AccessorWalk.unsigned(java, 64).and(mask(java))).as(name).isEqualTo(value);
    }

    private static BigInteger mask(Object java) {
        return BigInteger.ONE.shiftLeft(java instanceof Integer ? 32 : 64).subtract(BigInteger.ONE);
    }

    private void expect(BodyType type, String prefix) {
        String className = names.of(type);
        expect(prefix + "_SIZE", BigInteger.valueOf(type.block().elementSize()), accessors.constant(className, "SIZE"));
        if (type.block() instanceof Memory memory) {
            expect(prefix + "_ENTRIES", BigInteger.valueOf(memory.entries()), accessors.constant(className, "ENTRIES"));
            expect(prefix + "_ENTRY_WIDTH", BigInteger.valueOf(memory.width()), accessors.constant(className, "ENTRY_WIDTH"));
            BigInteger stride = BigInteger.valueOf(memory.elementSize() / memory.entries());
            expect(prefix + "_ENTRY_STRIDE", stride, accessors.constant(className, "ENTRY_STRIDE"));
        }
        for (Addressable member : type.addressable()) {
            expect(member, prefix + "_" + upper(member.name()), className, names.membersOf(type).of(member));
        }
    }

    private void expect(Addressable member, String stem, String className, JavaMembers.Stem java) {
        expect(stem + "_OFFSET", BigInteger.valueOf(member.offset()), accessors.constant(className, java.constant() + "_OFFSET"));
        if (member.array().isArray()) {
            BigInteger stride = BigInteger.valueOf(member.array().stride());
            expect(stem + "_STRIDE", stride, accessors.constant(className, java.constant() + "_STRIDE"));
            BigInteger count = BigInteger.valueOf(member.array().count());
            expect(stem + "_COUNT", count, accessors.constant(className, java.constant() + "_COUNT"));
            List<Long> dimensions = member.array().dimensions();
            for (int i = 0; dimensions.size() > 1 && i < dimensions.size(); i++) {
                expected.put(stem + "_COUNT_" + i, BigInteger.valueOf(dimensions.get(i)));
            }
        }
        if (member instanceof Register register) {
            expect(register, stem, accessors.nested(className, java.type()));
        }
    }

    private void expect(Register register, String stem, String className) {
        int words = Math.min(64, register.accessWidth());
        if (register.width() > 64) {
            expected.put(stem + "_WORDS", BigInteger.valueOf(register.width() / words));
            expectWords(stem + "_RESET_VALUE", register.reset(), words, 0, register.width() / words - 1);
        } else {
            expect(stem + "_RESET_VALUE", register.reset(), accessors.constant(className, "RESET"));
        }
        NameScope.Names<Field, JavaMembers.Stem> fields = RegisterFields.names(register);
        for (Field field : register.fields()) {
            String name = stem + "_" + upper(field.name());
            String constant = fields.of(field).constant();
            expect(name + "_LSB", BigInteger.valueOf(field.low()), accessors.constant(className, constant + "_LSB"));
            expect(name + "_WIDTH", BigInteger.valueOf(field.width()), accessors.constant(className, constant + "_WIDTH"));
            if (register.width() > 64) {
                expectWords(name + "_MASK", field.mask(), words, field.low() / words, field.high() / words);
            } else {
                expect(name + "_MASK", field.mask(), accessors.constant(className, constant + "_MASK"));
            }
            BigInteger reset = field.reset();
            if (reset != null && field.width() <= 64) {
                expected.put(name + "_RESET", reset);
            } else if (reset != null) {
                expectWords(name + "_RESET", reset, words, 0, (field.width() - 1) / words);
            }
        }
    }

    private void expectWords(String name, BigInteger value, int bits, int first, int last) {
        for (int word = first; word <= last; word++) {
            expected.put(name + "_" + word, value.shiftRight(word * bits).mod(BigInteger.ONE.shiftLeft(bits)));
        }
    }

    private void expect(String prefix, EnumType type) {
        String stem = prefix + "_" + upper(type.name().replaceFirst("_e$", "")) + "_";
        type.entries().forEach(entry -> expected.put(stem + upper(entry.name()), entry.value()));
    }
}
