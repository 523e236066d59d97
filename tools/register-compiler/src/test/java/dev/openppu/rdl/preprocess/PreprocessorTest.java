package dev.openppu.rdl.preprocess;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.rdl.Compilation;
import dev.openppu.rdl.RdlCompiler;
import dev.openppu.rdl.source.Diagnostics;
import dev.openppu.rdl.source.SourceFile;
import dev.openppu.rdl.source.SourceText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Directives, macros and the way back to the files. */
class PreprocessorTest {

    private final Diagnostics diagnostics = new Diagnostics();

    private SourceText text(String input) {
        return new Preprocessor(new Includes(List.of()), diagnostics, Map.of("GIVEN", "7"))
                .run(List.of(new SourceFile("in", input.replace("\\n", "\n").replace("\\r", "\r")))).build();
    }

    private String words(String input) {
        return text(input).text().strip().replaceAll("\\s+", " ");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            `define A 5\\n x = `A ;                                            | x = 5 ;
            `define ADD(a, b) a + b\\n `ADD(1, 2)                              | 1 + 2
            `define ADD(a, b) a + b\\n `ADD((1, 2), [3, 4])                    | (1, 2) + [3, 4]
            `define S(a) "a" a\\n `S(x)                                        | "a" x
            `define JOIN(a) reg_``a\\n `JOIN(x)                                | reg_x
            `define LONG 1 + \\\\n 2\\n `LONG                                  | 1 + 2
            `define NOTE 5 // five\\n `NOTE                                    | 5
            `define A `B\\n`define B 3\\n `A                                   | 3
            `define P(a) <a>\\n`define Q(a) `P(a)`P(a)\\n `Q(1)                | <1><1>
            `define EMPTY()x\\n `EMPTY()                                       | x
            `GIVEN                                                             | 7
            a `ifdef GIVEN b `else c `endif d                                  | a b d
            a `ifndef GIVEN b `else c `endif d                                 | a c d
            `ifdef X a `elsif GIVEN b `else c `endif                           | b
            `ifdef X a `elsif Y b `else c `endif                               | c
            `ifdef X `ifdef GIVEN a `else b `endif `else c `endif              | c
            `ifdef GIVEN a `elsif GIVEN b `else c `endif                       | a
            `define A 1\\n`undef A\\n`ifdef A a `else b `endif                 | b
            `ifdef X `define GIVEN 8\\n `UNKNOWN `include "x"\\n `endif `GIVEN | 7
            `define S(a) `"<a `\\`"b`\\`">`"\\n `S(x)                              | "<x \\"b\\">"
            `define I(t, n) t /* type */ n\\n `I(a, b[2] /* no ),) */ ) // c    | a b[2] // c
            `define D(a, b=7, c="x") a b c\\n `D(1) `D(1, 2) `D(1, , 3)      | 1 7 "x" 1 2 "x" 1 7 3
            `define M `ifdef GIVEN \\\\n a `else \\\\n b `endif\\n `M          | a
            `define M(x) `ifndef x a `elsif GIVEN b `else c `endif\\n `M(GIVEN)| b
            `define M "one \\\\n two" 3\\n `M                                  | "one two" 3
            `define W 4 // wide \\\\n reg `W                                   | reg 4
            `define A 1\\r\\n`define B \\\\r\\n 2\\r\\n`A `B\\r\\n             | 1 2
            "`GIVEN" // `GIVEN\\n /* `GIVEN */ x                               | "`GIVEN" // `GIVEN /* `GIVEN */ x
            """)

    void directivesDoWhatTheyDoInVerilog(String input, String output) {
        assertThat(words(input)).isEqualTo(output);
        assertThat(diagnostics.all()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            x `NOPE             | in:1:3: error: no macro is called 'NOPE'
            `endif              | in:1:1: error: `endif without `ifdef
            `else               | in:1:1: error: `else without `ifdef
            `elsif A            | in:1:1: error: `elsif without `ifdef
            `ifdef A x          | in:1:1: error: this conditional has no `endif
            `define             | in:1:1: error: the name of a macro is missing
            `include            | in:1:1: error: `include needs a file name
            `include "gone.rdl" | in:1:1: error: there is no file 'gone.rdl'
            `define A(x) x\\n`A | in:2:1: error: macro 'A' takes 1 arguments, but 0 are given
            `define A `A\\n`A   | in:2:1: error: this macro expands without end
            `define A `ifdef B\\n`A  | in:2:1: error: a conditional in this macro has no `endif
            `define A `endif\\n`A    | in:2:1: error: `endif without `ifdef in this macro
            a <% print 5; %>    | in:1:3: error: embedded Perl is not supported
            """)
    void mistakesAreNamed(String input, String message) {
        text(input);
        assertThat(diagnostics.all()).singleElement().asString().startsWith(message);
    }

    @Test
    void macrosThatDoubleDoNotFillTheMemory() {
        StringBuilder bomb = new StringBuilder("`define M0 xxxxxxxxxxxxxxxx\n");
        for (int i = 1; i < 60; i++) {
            bomb.append("`define M%d `M%d `M%d\n".formatted(i, i - 1, i - 1));
        }
        text(bomb + "`M59");
        assertThat(diagnostics.all()).singleElement().asString().contains("expands without end");
    }

    @Test
    void binaryFilesAreRefused() {
        text("addrmap\0");
        assertThat(diagnostics.all()).singleElement().asString().contains("in:1:8: error: this file is not text");
    }

    @Test
    void placesAreThoseOfTheFiles(@TempDir Path folder) throws IOException {
        Files.createDirectories(folder.resolve("inc"));
        Files.writeString(folder.resolve("inc/types.rdl"), "// first line\nreg t { field { colour = 1; } f; };\n");
        Files.writeString(folder.resolve("top.rdl"),
                "`define BAD shape\n`include <types.rdl>\naddrmap top { t x;\n  reg { `BAD = 1; field {} f; } y; };\n");
        Compilation compilation = new RdlCompiler().add(folder.resolve("top.rdl")).includePath(folder.resolve("inc")).compile();
        assertThat(compilation.diagnostics()).extracting(d -> Path.of(d.position().file()).getFileName() + ":" + d.position().line() + ":"
                + d.position().column()).containsExactly("types.rdl:2:17", "top.rdl:4:9");
    }

    @Test
    void filesThatIncludeThemselvesEnd(@TempDir Path folder) throws IOException {
        Path self = folder.resolve("self.rdl");
        Files.writeString(self, "`include \"self.rdl\"\n`include \"self.rdl\"\n");
        assertThat(new RdlCompiler().add(self).compile().diagnostics()).singleElement().asString().contains("include themselves");
    }

    @Test
    void missingAndOldFilesAreTaken(@TempDir Path folder) throws IOException {
        assertThat(new RdlCompiler().add(folder.resolve("gone.rdl")).compile().diagnostics()).singleElement().asString()
                .contains("there is no such file");
        Path latin = folder.resolve("latin.rdl");
        Files.write(latin, new byte[]{'/', '/', (byte) 0xb5, 's', '\n'});
        Path top = folder.resolve("top.rdl");
        Files.writeString(top, "`include \"latin.rdl\"\naddrmap top { reg { field {} f; } x; };");
        assertThat(new RdlCompiler().add(top).compile().succeeded()).isTrue();
    }
}
