package dev.openppu.rdl.emit.c;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.rdl.Rdl;
import dev.openppu.rdl.emit.CProgram;
import dev.openppu.rdl.model.AddressMap;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The C header: its text as committed, and compiled. */
class CHeaderEmitterTest {

    private static final String SOURCE = """
            enum mode_e { OFF = 0 { desc = "Not running."; }; FAST = 2 { name = "Fast"; }; };
            regfile unit {
                desc = "A unit.";
                reg { name = "Control"; desc = "Ends */ a comment, /* begins one, and has a ??/ trigraph.";
                    field { encode = mode_e; } mode[1:0] = 2;
                    field { onwrite = woclr; desc = "Set when ready."; } ready[2:2] = 1;
                    field { sw = r; } class[31:24];
                } control @0;
                reg { regwidth = 64; field {} value[63:0] = 64'h8000_0000_0000_0001; } counter @8;
                reg { regwidth = 16; field {} f[16]; } lanes[2][3] @0x10 += 4;
            };
            addrmap soc {
                reg { field { sw = r; } count[31:0]; } status @0;
                reg { field { sw = w; } go[0:0]; } command @0;
                reg { regwidth = 256; accesswidth = 32; field {} key[255:128] = 128'h1_0000_0002; field {} crossing[70:60] = 11'h7ff; } wide @0x20;
                unit units[4] @0x100 += 0x40;
                external mem { mementries = 16; memwidth = 32; } buffer @0x400;
            };
            """;

    @TempDir
    private Path folder;

    private Map<String, BigInteger> numbers(String text) throws IOException {
        CProgram program = new CProgram(folder, Rdl.map(text));
        program.compileAlone();
        return program.numbers();
    }

    private static BigInteger hex(String digits) {
        return new BigInteger(digits, 16);
    }

    @Test
    void textIsTheCommittedOne() throws IOException {
        String actual = CProgram.header(Rdl.map(SOURCE));
        Files.writeString(Path.of("target", "CHeaderEmitterTest.h"), actual);
        try (InputStream golden = CHeaderEmitterTest.class.getResourceAsStream("CHeaderEmitterTest.h")) {
            assertThat(actual).as("if the change is meant, commit target/CHeaderEmitterTest.h")
                    .isEqualTo(new String(golden.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void constantsAreThoseOfTheMap() throws IOException {
        assertThat(numbers(SOURCE)).containsEntry("SOC_UNIT_CONTROL_RESET_VALUE", hex("6"))
                .containsEntry("SOC_UNIT_CONTROL_MODE_MASK", hex("3"))
                .containsEntry("SOC_UNIT_CONTROL_CLASS_LSB", hex("18")).containsEntry("SOC_UNIT_CONTROL_CLASS_WIDTH", hex("8"))
                .containsEntry("SOC_UNIT_COUNTER_VALUE_MASK", hex("ffffffffffffffff"))
                .containsEntry("SOC_UNIT_COUNTER_RESET_VALUE", hex("8000000000000001")).containsEntry("SOC_UNIT_LANES_COUNT", hex("6"))
                .containsEntry("SOC_UNIT_LANES_COUNT_1", hex("3")).containsEntry("SOC_UNIT_LANES_STRIDE", hex("4"))
                .containsEntry("SOC_UNITS_STRIDE", hex("40")).containsEntry("SOC_BUFFER_ENTRIES", hex("10"))
                .containsEntry("SOC_MODE_FAST", hex("2")).containsEntry("SOC_SIZE", hex("440"));
    }

    @Test
    void wideRegistersHaveConstantsForEachWord() throws IOException {
        assertThat(numbers(SOURCE)).containsEntry("SOC_WIDE_WORDS", hex("8")).containsEntry("SOC_WIDE_CROSSING_LSB", hex("3c"))
                .containsEntry("SOC_WIDE_CROSSING_MASK_1", hex("f0000000")).containsEntry("SOC_WIDE_CROSSING_MASK_2", hex("7f"))
                .containsEntry("SOC_WIDE_CROSSING_RESET", hex("7ff")).containsEntry("SOC_WIDE_RESET_VALUE_1", hex("f0000000"))
                .containsEntry("SOC_WIDE_RESET_VALUE_2", hex("7f")).containsEntry("SOC_WIDE_RESET_VALUE_4", hex("2"))
                .containsEntry("SOC_WIDE_KEY_RESET_1", hex("1")).containsEntry("SOC_WIDE_KEY_MASK_7", hex("ffffffff"));
    }

    @Test
    void addressesTakeTheIndicesOnTheWay() throws IOException {
        CProgram program = new CProgram(folder, Rdl.map(SOURCE));
        assertThat(program.evaluate(List.of("SOC_UNITS_ADDR(3)", "SOC_UNITS_LANES_ADDR(2, 1, 1 + 1)", "SOC_STATUS_ADDR")))
                .containsValues(hex("1c0"), hex("1a4"), hex("0"));
    }

    @Test
    void fieldsAreTakenOutOfValuesAndPutIntoThem() throws IOException {
        CProgram program = new CProgram(folder, Rdl.map(SOURCE));
        assertThat(program.evaluate(List.of("SOC_FIELD_GET(0xa5000000U, SOC_UNIT_CONTROL_CLASS)",
                "SOC_FIELD_PUT(0xffffffffU, SOC_UNIT_CONTROL_CLASS, 0xa5)", "SOC_FIELD_PUT(0U, SOC_UNIT_CONTROL_MODE, SOC_MODE_FAST)",
                "SOC_FIELD_PUT(0ULL, SOC_UNIT_COUNTER_VALUE, 0 - 1ULL)")).values())
                .containsExactly(hex("a5"), hex("a5ffffff"), hex("2"), hex("ffffffffffffffff"));
    }

    @Test
    void structuresReachEveryRegister() throws IOException {
        CProgram program = new CProgram(folder, Rdl.map(SOURCE));
        assertThat(program
                .evaluate(List.of("sizeof(struct soc_unit_regs)", "(uintptr_t)&((struct soc_regs *)0)->units[1].regs.lanes[1][2].value",
                        "(uintptr_t)&((struct soc_regs *)0)->wide[7]", "(uintptr_t)&((struct soc_regs *)0)->command",
                        "(uintptr_t)&((struct soc_regs *)0)->buffer[15]"))
                .values())
                .containsExactly(hex("28"), hex("164"), hex("3c"), hex("0"), hex("43c"));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        // between the elements of another array; between the last element and where the next would be
        "reg one { field {} f; }; one a[4] @0 += 8; one b[4] @4 += 8; one tail @0x40; one spaced[2] @0x50 += 8; one close @0x5c;",
        // a structure whose alignment is larger than where it stands
        "regfile two { reg { regwidth = 64; field {} f; } x; }; reg one { field {} f; }; one a @0; two b @4; two c[2] @0x10 += 12; one d @0x30;",
        // a size that is no multiple of the alignment, followed closely
        "regfile two { reg { field {} f; } x; reg { regwidth = 8; field {} f; } y; }; reg b { regwidth = 8; field {} f; }; two a; b n @5; two c @8;",
        // larger than 32 bits, larger than an object can be
        "reg one { field {} f; }; one a @0x1_0000_0000; one b @0x10_0000_0000; one c[3] @0x70_0000_0000_0000 += 0x1000;",
        // memories, with registers over them, of odd widths, in arrays
        "external mem m { mementries = 8; memwidth = 32; reg { field {} f; } v[2]; }; external m a @0; external m b[2] @0x100 += 0x40;"
                + " external mem { mementries = 4; memwidth = 12; } odd @0x200; external mem { mementries = 4; memwidth = 128; } wide @0x400;",
        // words that C and C++ keep for themselves, and names that differ in their case only
        "reg one { field {} new; field {} NEW; field {} int; }; one class; one CLASS; one template; one uint32_t; one and; one _Bool; one reserved_1c;"
                + " one unix; one far @0x30;",
        // one name for different things
        "reg { field {} b; } a; reg { field { reset = 1; } c; } a_b; reg { field {} count; } x[2]; reg { field {} f; } x_count; "
                + "regfile { reg { field {} c; } b; } a_a; regfile { reg { field {} f; } a_b; } b;"})
    void anyMapCompiles(String body) throws IOException {
        AddressMap map = Rdl.top(body);
        CProgram program = new CProgram(folder, map);
        program.compileAlone();
        assertThat(program.numbers()).isNotEmpty();
    }

    @Test
    void whatAStructureCannotExpressIsSaid() throws IOException {
        String header = CProgram.header(Rdl.top("reg one { field {} f; }; one a[4] @0 += 8; one b[4] @4 += 8; "));
        assertThat(header).contains("/* b at 0x4U is left out: it lies within what is before it. Its macros remain. */",
                "#define TOP_B_ADDR(i0) (0x4U + (i0) * 0x8U)");
    }

    @Test
    void mapsAndTypesMayHaveAnyName() throws IOException {
        AddressMap map = Rdl.map(
                "regfile int { reg { field {} f; } new; }; addrmap class { int void; enum for { switch = 1; }; reg { field { encode = for; } f; } x; };");
        new CProgram(folder, map).compileAlone();
        assertThat(CProgram.header(map)).contains("struct class_regs {", "struct class_int_regs void_;", "enum class_for {",
                "CLASS_FOR_SWITCH = 1");
    }

    @Test
    void headersOfSeveralMapsGoTogether() throws IOException {
        CProgram program = new CProgram(folder, Rdl.map(SOURCE));
        Files.writeString(folder.resolve("other.h"), CProgram.header(Rdl.map(SOURCE.replace("addrmap soc", "addrmap other"))));
        Files.writeString(folder.resolve("map.h"), "#include \"other.h\"\n" + Files.readString(folder.resolve("map.h")));
        program.compileAlone();
    }

    @Test
    void hostileDescriptionsStayComments() throws IOException {
        for (String text : List.of("*/", "/*", "??/", "???/", "*//*", "/*/", "\\\\", "a\\u202eb", "*", "//", "%s %n", "line\nline */ x")) {
            CProgram program = new CProgram(folder, Rdl.top("reg { desc = \"" + text.replace("\\u202e", "\u202e") + "\"; field { desc = \""
                    + text.replace("\\u202e", "\u202e") + "\"; } f; } x;"));
            program.compileAlone();
        }
    }

    @Test
    void largeEnumerationsAreMacros() throws IOException {
        assertThat(numbers("""
                enum e { A = 64'hffff_ffff_ffff_ffff; B = 1; }; enum huge { A = 100'hf_0000_0000_0000_0000_0000_0001; };
                addrmap top { reg { regwidth = 128; field { encode = e; } f[64]; } p; reg { regwidth = 128; field { encode = huge; } f[100]; } q; };
                """)).containsEntry("TOP_E_A", hex("ffffffffffffffff")).containsEntry("TOP_HUGE_A_0", hex("1"))
                .containsEntry("TOP_HUGE_A_1", hex("f00000000"));
    }
}
