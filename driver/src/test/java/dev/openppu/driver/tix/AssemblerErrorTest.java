package dev.openppu.driver.tix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.openppu.abi.error.HgResult;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AssemblerErrorTest {
    private static TixException refused(String source) {
        return refused(source.getBytes(StandardCharsets.UTF_8));
    }

    private static TixException refused(byte[] source) {
        return catchThrowableOfType(TixException.class, () -> TixAssembler.assemble("k.tix", source));
    }

    private static String body(String line) {
        return """
                .entry test(.u64 out) {
                    .reg .u32 count, other;
                    .reg .u64 address;
                    .reg .f32 x;
                    .reg .b16 half;
                    .reg .pred p;
                    .shared .u32 box[4];
                    %s
                    ppu.exit;
                }
                """.formatted(line);
    }

    @Test
    void aMessageNamesFileLineAndColumnAndPointsThere() {
        assertThat(refused(body("ppu.add.u32 count, cuont, 1;"))).hasMessage("""
                k.tix:8:24: error: 'cuont' is not declared
                      ppu.add.u32 count, cuont, 1;
                                         ^~~~~
                  hint: did you mean 'count'?""");
    }

    @Test
    void aMissingSemicolonIsReportedWhereItBelongs() {
        assertThat(refused(body("ppu.add.u32 count, other, 1"))).hasMessage("""
                k.tix:8:32: error: ';' is missing after the operands
                      ppu.add.u32 count, other, 1
                                                 ^""");
    }

    @Test
    void modifiersAreUnderlinedWithTheirDot() {
        assertThat(refused(body("ppu.add.rtx.f32 x, x, x;"))).hasMessage("""
                k.tix:8:12: error: ppu.add has no modifier .rtx here
                      ppu.add.rtx.f32 x, x, x;
                             ^~~~
                  hint: did you mean 'rtz'?""".replace("'rtz'", suggestion()));
    }

    /** rtz, rtp and rtn are equally near; whichever comes is one of them. */
    private static String suggestion() {
        String message = refused(body("ppu.add.rtx.f32 x, x, x;")).getMessage();
        String hint = message.substring(message.lastIndexOf("mean ") + 5, message.length() - 1);
        assertThat(hint).isIn("'rtz'", "'rtp'", "'rtn'");
        return hint;
    }

    @Test
    void everyMistakeOfAFileIsReportedAtOnceAndInOrder() {
        TixException failure = refused("""
                .const .u8 big = 256;
                .entry test(.u64 out) {
                    .reg .u32 a, a;
                    ppu.frobnicate a;
                    ppu.bra nowhere;
                    ppu.mov.u32 b, 1;
                }
                .entry test() { ppu.exit; }
                """);
        assertThat(failure.diagnostics()).extracting(Diagnostic::line).containsExactly(1, 3, 4, 5, 6, 8);
        assertThat(failure.diagnostics()).extracting(Diagnostic::message).containsExactly("number 256 does not fit .u8",
                "'a' is already declared here",
                "there is no instruction ppu.frobnicate", "there is no label 'nowhere' in this kernel", "'b' is not declared",
                "kernel 'test' is already there");
        assertThat(failure.hgresult()).isEqualTo(HgResult.INVALID_ASM);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"ppu.ad.u32 count, other, 1;|there is no instruction ppu.ad|did you mean 'add'?",
        "add.u32 count, other, 1;|'add.u32' is not an instruction|instructions begin with ppu., as in ppu.add.u32",
        "ppu.add count, other, 1;|ppu.add needs a type|", "ppu.add.u8 count, other, 1;|ppu.add has no form for .u8|",
        "ppu.add.u32 count, other;|ppu.add takes a result and two sources (d, a, b), there are 2 operands|",
        "ppu.add.u32 count, address, 1;|'address' is a .u64 register, this operand is .u32|",
        "ppu.add.u32 5, other, 1;|a register is expected here|",
        "ppu.add.f32 x, x, 1;|a whole number cannot be a .f32|write it with a point (1.0), or its bits (0F3F800000)",
        "ppu.add.u32 count, other, 1.5;|a fraction cannot be a .u32|",
        "ppu.add.u32 count, other, 4294967296;|number 4294967296 does not fit .u32|",
        "ppu.add.s32 count, other, 0x1FFFFFFFF;|number 8589934591 does not fit .s32|",
        "ppu.fma.f32 x, x, x, x;|ppu.fma.f32 needs a rounding|one of .rtte .rtz .rtn .rtp",
        "ppu.mul.u32 count, other, 1;|ppu.mul of integers needs to know which part of the product|one of .lo .hi .wide",
        "ppu.ld.global.u32 count, [other];|addresses here have 64 bits, the register is .u32|",
        "ppu.ld.global.u32 count, address;|an address is expected here|addresses stand in brackets: [a] or [a + 4]",
        "ppu.st.param.u32 [out], count;|.param memory cannot be written|",
        "ppu.ld.global.u32 count, [box];|this variable is in .shared, not in .global|",
        "ppu.ld.global.wb.u32 count, [address];|ppu.ld has no modifier .wb here|",
        "ppu.ld.relaxed.global.u32 count, [address];|an ordered access needs a scope|one of .blk .gpu .sys",
        "ppu.ld.global.v4.b64 {address, address}, [address];|a vector of 2 registers, the instruction moves 4|",
        "ppu.bar.sync 16;|a barrier must be a whole number from 0 to 15|",
        "@count ppu.exit;|'count' is not a predicate|declare it with .reg .pred count;",
        "ppu.cmpp.ltt.u32 p, count, 1;|ppu.cmpp needs a relation|",
        "ppu.cmpp.lt.b32 p, count, 1;|this relation is not defined for .b32|only .eq and .ne are; name a .u or .s type",
        "ppu.cvt.f32.u32 x, count;|ppu.cvt from .u32 to .f32 needs a rounding|one of .rtte .rtz .rtn .rtp",
        "ppu.mov.u32 count, %tidx;|'%tidx' is not declared|did you mean '%tid.x'?",
        "ppu.mov.u32 count, %gridid;|'%gridid' has 64 bits, this operand is .u32|",
        "ppu.mov.u32 count, out;|'out' is a variable, not a value|load it with ppu.ld, [out]",
        "ppu.sin.f32 x, x;|ppu.sin is an approximation|write ppu.sin.approx.f32", "ppu.bra 5;|a label is expected here|",
        "§|character U+00A7 has no place in TIX|",
        ".reg .u33 z;|expected a type, found '.u33'|", "ppu.mov.u32 count, 0b102;|'0b102' is not a number|",
        "ppu.mov.u32 count, 1e;|'1e' is not a number|"})
    void mistakesAreNamed(String line, String message, String hint) {
        Diagnostic first = refused(body(line)).diagnostics().getFirst();
        assertThat(first.line()).isEqualTo(8);
        assertThat(first.message()).isEqualTo(message);
        if (hint != null) {
            assertThat(first.hint()).isEqualTo(hint);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "// nothing\n", ".entry", ".entry test(", ".entry test() {", ".entry test() { ppu.exit", "/* endless",
        ".const .u32 x = ;", "}",
        "{{{{", "ppu.add.u32 a, b, c;", ".entry test() { @", ".entry test() { ppu.ld.global.u32 [", ".target ppu_15; .entry t() {}",
        ".shared .u32 x[0];",
        ".entry t(.u32 a, .u32 a) {}", ".entry t(.b8 a[32765]) {}", ".shared .align 3 .u32 x;", ".entry t() { .reg .u32 r<256>; }",
        ".const .pred p = 1;"})
    void brokenFilesAreRefusedWithAPlace(String source) {
        assertThat(refused(source).getMessage()).startsWith("k.tix:").contains(": error: ");
    }

    @Test
    void tooManyRegistersAreCounted() {
        Diagnostic first = refused(".entry t() {\n    .reg .u64 r<128>;\n}\n").diagnostics().getFirst();
        assertThat(first.message()).isEqualTo("too many registers: a thread has 255 of 32 bits, this one would need 256");
        assertThat(first.hint()).contains("{ }");
    }

    @Test
    void bytesThatAreNoTextAreRefusedAtTheirPlace() {
        byte[] source = ".entry t() {\n  ppu.exit; \u0000}".getBytes(StandardCharsets.ISO_8859_1);
        source[source.length - 2] = (byte) 0xFF;
        Diagnostic first = refused(source).diagnostics().getFirst();
        assertThat(first.message()).isEqualTo("byte 0xff is not UTF-8 text");
        assertThat(first.line()).isEqualTo(2);
        assertThat(first.column()).isEqualTo(13);
    }

    @Test
    @Timeout(20)
    void hostileFilesAreRefusedAtOnce() {
        assertThat(refused(new byte[10 << 20]).diagnostics().getFirst().message()).contains("the limit is");
        assertThat(refused(body("{".repeat(1_000_000))).getMessage()).contains("nested deeper");
        assertThat(refused(body("ppu.mov.u32 count, " + "9".repeat(2_000_000) + ";")).getMessage())
                .contains("number of 2000000 characters");
        assertThat(refused(body("x".repeat(2_000_000) + ";")).getMessage().length()).isLessThan(5_000_000);
        assertThat(refused("?".repeat(3_000_000)).diagnostics()).hasSizeLessThan(60);
        assertThat(refused(body("ppu.exit;\n".repeat(300_000))).getMessage()).contains("262143 instructions");
        assertThat(refused(body("@p ppu.foo;\n".repeat(200_000))).diagnostics()).hasSizeLessThan(60);
        assertThat(refused(body("ppu.mov.u32 count, " + "(".repeat(100_000)))).isNotNull();
    }

    @Test
    @Timeout(60)
    void mutilatedFilesNeverBreakTheAssembler() {
        String source = body(
                "ppu.fma.rtte.f32 x, x, 1.0, 0F3F800000;\n@!p ppu.ld.global.v4.b32 {count, _, other, _}, [address + 16];\nl: ppu.bra l;");
        String alphabet = ".,;:{}[]()<>@!|_-+=0x1f%pu\n\t\"é";
        Random random = new Random(5);
        for (int round = 0; round < 20_000; round++) {
            StringBuilder mutant = new StringBuilder(source);
            for (int i = random.nextInt(6); i >= 0; i--) {
                int at = random.nextInt(mutant.length());
                switch (random.nextInt(3)) {
                    case 0 -> mutant.setCharAt(at, alphabet.charAt(random.nextInt(alphabet.length())));
                    case 1 -> mutant.delete(at, Math.min(mutant.length(), at + 1 + random.nextInt(12)));
                    default -> mutant.insert(at, alphabet.charAt(random.nextInt(alphabet.length())));
                }
            }
            try {
                assertThat(TixAssembler.assemble("k.tix", mutant.toString()).kernels()).isNotEmpty();
            } catch (TixException e) {
                assertThat(e.getMessage()).contains(": error: ");
            }
        }
    }
}
