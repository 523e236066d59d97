package dev.openppu.cli.npy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class NpyFileTest {
    @TempDir
    Path folder;

    @Test
    void readsWhatNumPyWrote() throws IOException {
        NpyArray floats = readResource("f4-2x3.npy");
        assertThat(floats.describe()).isEqualTo("f4[2, 3]");
        assertThat(values(floats)).containsExactly(1.5, -2.0, (double) 3e10f, 0.0, -0.0, Double.POSITIVE_INFINITY);
        NpyArray scalar = readResource("f8-scalar.npy");
        assertThat(scalar.shape()).isEmpty();
        assertThat(values(scalar)).containsExactly(0.1);
        assertThat(values(readResource("i4-3.npy"))).containsExactly(1.0, -2.0, (double) Integer.MAX_VALUE);
        assertThat(readResource("f4-0x5.npy").shape()).containsExactly(0L, 5L);
    }

    @Test
    void readsVersionsTwoAndThree() throws IOException {
        assertThat(values(readResource("f8-2-version2.npy"))).containsExactly(1.0, 2.0);
        NpyArray column = readResource("i4-2x1-version3.npy");
        assertThat(column.describe()).isEqualTo("i4[2, 1]");
        assertThat(values(column)).containsExactly(7.0, 8.0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"f4-2x3.npy", "f8-scalar.npy", "i4-3.npy", "f4-0x5.npy"})
    void writesByteForByteWhatNumPyWrites(String name) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        NpyFile.write(readResource(name), out);
        assertThat(out.toByteArray()).isEqualTo(resource(name));
    }

    @ParameterizedTest
    @EnumSource(ElementType.class)
    void writtenArraysReadBackTheSame(ElementType type) throws IOException {
        Random random = new Random(7);
        for (List<Long> shape : List.of(List.<Long>of(), List.of(1L), List.of(0L), List.of(17L, 3L), List.of(2L, 1L, 0L),
                List.of(1000L, 1000L))) {
            NpyArray array = new NpyArray(type, shape, Arena.ofAuto().allocate(NpyArray.byteSize(type, shape)));
            for (long i = 0; i < array.length(); i++) {
                array.set(i, random.nextInt(2000) - 1000);
            }
            Path file = folder.resolve("array.npy");
            try (OutputStream out = Files.newOutputStream(file)) {
                NpyFile.write(array, out);
            }
            NpyArray back = NpyFile.read(file, Arena.ofAuto());
            assertThat(back.describe()).isEqualTo(array.describe());
            assertThat(back.data().mismatch(array.data())).isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            big-endian.npy | big-endian
            fortran.npy    | Fortran order
            object.npy     | pickled Python objects
            structured.npy | structures with fields
            complex.npy    | '<c8'
            """)
    void saysWhyAnArrayIsNotTaken(String name, String why) {
        assertThatThrownBy(() -> readResource(name)).isInstanceOf(NpyException.class).hasMessageContaining(name).hasMessageContaining(why);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            {'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775807, 9223372036854775807), } | beyond any memory
            {'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), }                    | beyond any memory
            {'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 4), }                   | beyond any memory
            {'descr': '<f4', 'fortran_order': False, 'shape': (1000000000000,), }                           | cut short
            {'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }                                      | negative
            {'descr': '<f4', 'fortran_order': False, 'shape': (1.0,), }                                     | ')' is missing
            {'descr': '<f4', 'fortran_order': False, 'shape': (1), }                                        | no tuple
            {'descr': '<f4', 'fortran_order': False, 'shape': (,), }                                        | no number
            {'descr': '<f4', 'fortran_order': False, 'shape': 1, }                                          | '(' is missing
            {'descr': '<f4', 'fortran_order': 0, 'shape': (1,), }                                           | neither True nor False
            {'descr': '<f4', 'fortran_order': False, }                                                      | are needed
            {'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1,), }                       | twice
            {'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'more': 1, }                            | unknown
            {'descr': '<f4', 'fortran_order': False, 'shape': (1,), } or __import__('os')                   | follows the dictionary
            {'descr': '<f4                                                                                  | does not end
            {                                                                                               | string is missing
            []                                                                                              | '{' is missing
            """)
    void refusesDamagedHeaders(String header, String why) {
        assertThatThrownBy(() -> read(withHeader(header))).isInstanceOf(NpyException.class).hasMessageContaining(why);
    }

    @Test
    void refusesMoreDimensionsThanNumPyHas() {
        String shape = "1, ".repeat(65);
        assertThatThrownBy(() -> read(withHeader("{'descr': '<f4', 'fortran_order': False, 'shape': (" + shape + "), }")))
                .hasMessageContaining("more than 64 dimensions");
    }

    @Test
    void refusesAHeaderLengthThatWouldOnlyCostMemory() {
        byte[] file = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 2, 0, -1, -1, -1, -1, '{'};
        assertThatThrownBy(() -> read(file)).isInstanceOf(NpyException.class).hasMessageContaining("4294967295 bytes");
    }

    @Test
    void refusesUnknownVersions() {
        assertThatThrownBy(() -> read(new byte[]{(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 4, 0, 0, 0}))
                .hasMessageContaining("version 4.0 is unknown");
    }

    @Test
    void refusesEveryFileThatIsCutShortOrTooLong() throws IOException {
        byte[] whole = resource("f4-2x3.npy");
        for (int length = 0; length < whole.length; length++) {
            byte[] part = java.util.Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> read(part)).as("first %d bytes", length).isInstanceOf(NpyException.class);
        }
        assertThatThrownBy(() -> read(java.util.Arrays.copyOf(whole, whole.length + 1))).hasMessageContaining("1 more follow");
    }

    @Test
    void noDamageLeadsToAnythingButAnArrayOfTheFilesSizeOrARefusal() throws IOException {
        byte[] whole = resource("f4-2x3.npy");
        int refused = 0;
        for (int seed = 0; seed < 3000; seed++) {
            byte[] damaged = mutate(whole, new Random(seed));
            try {
                NpyArray array = read(damaged);
                assertThat(array.data().byteSize()).isLessThan(damaged.length);
            } catch (NpyException e) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(2000);
    }

    private static byte[] mutate(byte[] whole, Random random) {
        byte[] damaged = whole.clone();
        int header = 70;
        for (int i = random.nextInt(4); i >= 0; i--) {
            damaged[random.nextInt(header)] = random.nextBoolean()
                    ? (byte) random.nextInt(256)
                    : (byte) "0123456789(),'<>[]{}: fi".charAt(random.nextInt(24));
        }
        return damaged;
    }

    private byte[] withHeader(String header) {
        byte[] text = (header + "\n").getBytes(StandardCharsets.ISO_8859_1);
        byte[] file = new byte[10 + text.length + 4];
        byte[] begin = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) text.length, (byte) (text.length >> 8)};
        System.arraycopy(begin, 0, file, 0, begin.length);
        System.arraycopy(text, 0, file, begin.length, text.length);
        return file;
    }

    private NpyArray read(byte[] bytes) throws IOException {
        Path file = folder.resolve("file.npy");
        Files.write(file, bytes);
        return NpyFile.read(file, Arena.ofAuto());
    }

    private NpyArray readResource(String name) throws IOException {
        Path file = folder.resolve(name);
        Files.write(file, resource(name));
        return NpyFile.read(file, Arena.ofAuto());
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = NpyFileTest.class.getResourceAsStream(name)) {
            assertThat(in).as(name).isNotNull();
            return in.readAllBytes();
        }
    }

    private static List<Double> values(NpyArray array) {
        List<Double> values = new ArrayList<>();
        for (long i = 0; i < array.length(); i++) {
            values.add(array.get(i));
        }
        return values;
    }

    @Test
    void anArraysDataMustFitItsShape() {
        assertThatThrownBy(() -> new NpyArray(ElementType.F4, List.of(2L), MemorySegment.ofArray(new byte[7])))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("f4[2] takes 8 bytes, not 7");
    }
}
