package dev.openppu.rdl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.rdl.model.AddressMap;
import dev.openppu.rdl.source.Diagnostic;
import dev.openppu.rdl.source.Warning;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is allowed and probably not meant so is warned of, each kind by itself. */
class WarningTest {

    private static Compilation compile(String text, Warning... wanted) {
        RdlCompiler compiler = new RdlCompiler().add("test.rdl", text);
        Stream.of(Warning.values()).forEach(warning -> compiler.warn(warning, false));
        Stream.of(wanted).forEach(warning -> compiler.warn(warning, true));
        return compiler.compile();
    }

    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource(delimiter = '|', textBlock = """
            CONSTANT_WITHOUT_VALUE | reg { field { sw = r; hw = na; } a; } x;             | software reads field 'a' and nothing writes it
            CONSTANT_WITHOUT_VALUE | reg { field { sw = r; hw = r; } a; } x;              | software reads field 'a' and nothing writes it
            NO_RESET               | reg { field {} a; } x;                               | field 'a' has no reset value
            WITHOUT_EFFECT         | reg { field { sw = r; hw = w; swwel; } a; } x;       | 'swwel' locks field 'a', which software cannot write anyway
            WITHOUT_EFFECT         | reg { field { sw = w; hw = na; } a; } x;             | nobody reads field 'a': sw=w, hw=na
            WITHOUT_EFFECT         | reg { field { sw = r; swmod; } a; } x;               | 'swmod' never happens
            WITHOUT_EFFECT         | reg { field { counter; saturate; overflow; } a; } x; | 'overflow' never happens
            WITHOUT_EFFECT         | reg { field { counter; incrsaturate = 1; overflow; } a; } x; | 'overflow' never happens
            WITHOUT_EFFECT         | reg { field { counter; decrsaturate; underflow; } a; } x;    | 'underflow' never happens
            WITHOUT_EFFECT         | reg { field {} a; field { swwel; } b; b->swwe = a; } x; | 'swwe' and 'swwel' exclude each other: 'swwel' is overridden
            WITHOUT_EFFECT         | reg { field {} a; field { hwmask = a; } b; b->hwenable = a; } x; | 'hwenable' and 'hwmask' exclude each other
            WITHOUT_EFFECT         | reg { field { rclr; } a; a->onread = rset; } x;      | 'onread' and 'rclr' exclude each other
            OUT_OF_REACH           | reg { field { sw = na; hw = rw; } a; } x;            | software cannot reach field 'a': sw=na, hw=rw
            SPLIT_ACCESS           | reg { accesswidth = 8; field {} a[8:0]; } x;         | field 'a' reaches over several accesses of 8 bits
            SPLIT_ACCESS           | reg { accesswidth = 8; field { sw = r; rclr; } a[8:7]; } x; | field 'a' reaches over several accesses
            WITHOUT_POLARITY       | signal { cpuif_reset; } s; reg { field {} a; } x;    | signal 's' resets, but is neither activehigh nor activelow
            WITHOUT_POLARITY       | signal {} s; reg { field { resetsignal = s; } a; } x; | signal 's' resets, but is neither
            UNALIGNED              | reg { field {} a; } x @0; reg { field {} a; } y @6;  | 'y' at 0x6 is not aligned to its access width of 4 bytes
            UNALIGNED              | reg { field {} a; } x[2] @0 += 6;                    | 'x' at 0x0 is not aligned to its access width of 4 bytes
            """)
    void whatIsDubiousIsWarnedOf(Warning kind, String body, String expected) {
        String text = "addrmap top { " + body + " };";
        Compilation compilation = compile(text, kind);
        assertThat(compilation.succeeded()).isTrue();
        assertThat(compilation.warnings()).isOne();
        assertThat(compilation.diagnostics().getFirst().toString()).startsWith("test.rdl:1:").contains(": warning: " + expected)
                .endsWith(" [" + kind.id() + "]");
        assertThat(compile(text).diagnostics()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            CONSTANT_WITHOUT_VALUE | reg { field { sw = r; hw = na; } a = 1; } x;
            CONSTANT_WITHOUT_VALUE | reg held { field { sw = rw; hw = r; } a; }; reg seen { field { sw = r; hw = r; } a; }; held x; alias x seen y;
            CONSTANT_WITHOUT_VALUE | reg { field { sw = r; hw = r; hwset; } a; } x;
            CONSTANT_WITHOUT_VALUE | reg { field { sw = r; hw = r; counter; } a; } x;
            CONSTANT_WITHOUT_VALUE | reg { field { sw = r; hw = w; } a; } x;
            CONSTANT_WITHOUT_VALUE | reg { field { sw = r; hw = r; rset; } a; } x;
            NO_RESET               | reg { field {} a = 0; } x;
            SPLIT_ACCESS           | reg { accesswidth = 8; field { sw = r; } a[8:0]; field {} b[23:16]; } x;
            WITHOUT_POLARITY       | signal { activelow; field_reset; } s; reg { field { resetsignal = s; } a; } x;
            WITHOUT_POLARITY       | signal {} s; reg { field { swwe = s; } a; } x;
            NO_RESET               | reg { field { sw = w; hw = r; } a; } x;
            UNALIGNED              | reg { regwidth = 64; accesswidth = 16; field { sw = r; } a; } x @6;
            WITHOUT_EFFECT         | signal {} s; default swwel = s; reg { field {} a; field { sw = r; hw = w; } b; } x;
            WITHOUT_EFFECT         | default swwel; reg { field {} a; field {} b; b->swwe = a; } x;
            WITHOUT_EFFECT         | reg { field { swwel; } a; a->swwe = false; } x;
            WITHOUT_EFFECT         | reg { field { swwe = false; } a; a->swwel = true; } x;
            WITHOUT_EFFECT         | default swmod; reg { field {} a; field { sw = r; hw = w; } b; } x;
            """)
    void itsNeighbourIsNot(Warning kind, String body) {
        assertThat(compile("addrmap top { " + body + " };", kind).diagnostics()).isEmpty();
    }

    @Test
    void whatIsNotSaidOverridesNothing() {
        AddressMap map = Rdl.top("reg { field { swwel; } a; a->swwe = false; field { swwel; } b; b->swwe = a; } x;");
        assertThat(Rdl.field(map, "x.a").properties().is("swwel")).isTrue();
        assertThat(Rdl.field(map, "x.b").properties().is("swwel")).isFalse();
    }

    @Test
    void aRootMapsInstanceIsIgnored() {
        Compilation compilation = compile("addrmap chip { reg { field {} a; } x; } chip_i;", Warning.NOT_STANDARD);
        assertThat(compilation.diagnostics()).singleElement().asString()
                .contains("an instance of an address map at the root is ignored: the map is called 'chip'");
        assertThat(compilation.maps()).containsOnlyKeys("chip");
    }

    @Test
    void macrosOfTwoMeaningsAreWarnedOf() {
        String text = "`define W 1\n`define W 1\n`define W 2\naddrmap top { reg { field {} a; } x; };";
        assertThat(compile(text, Warning.MACRO_REDEFINED).diagnostics()).singleElement()
                .hasToString("test.rdl:3:1: warning: macro 'W' was defined otherwise before [macro-redefined]");
        assertThat(compile("`define W 1\n`undef W\n`define W 2\naddrmap top { reg { field {} a; } x; };", Warning.MACRO_REDEFINED)
                .diagnostics()).isEmpty();
    }

    @Test
    void warningsCanRefuseTheInput() {
        Compilation compilation = new RdlCompiler().add("test.rdl", "addrmap top { reg { field { sw = r; hw = r; } a; } x; };")
                .warningsAsErrors(true).compile();
        assertThat(compilation.succeeded()).isFalse();
        assertThat(compilation.maps()).isEmpty();
        assertThat(compilation.errors()).isOne();
        assertThat(compilation.warnings()).isZero();
        assertThat(compilation.diagnostics().getFirst().render()).startsWith("test.rdl:1:47: error: ")
                .contains(" [constant-without-value, as an error]\n");
    }

    @Test
    void thousandsOfWarningsAreCutShort() {
        String registers = Stream.iterate(0, i -> i + 1).limit(1000)
                .map(i -> "reg { field {} a; } r" + i + ";\n").reduce("", String::concat);
        Compilation compilation = compile("addrmap top { " + registers + " };", Warning.NO_RESET);
        assertThat(compilation.succeeded()).isTrue();
        assertThat(compilation.diagnostics()).hasSize(100).noneMatch(Diagnostic::isError);
    }
}
