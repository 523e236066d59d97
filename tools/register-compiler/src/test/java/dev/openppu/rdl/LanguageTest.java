package dev.openppu.rdl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.rdl.model.AddressMap;
import dev.openppu.rdl.model.Addressable;
import dev.openppu.rdl.model.Block;
import dev.openppu.rdl.model.Field;
import dev.openppu.rdl.model.Memory;
import dev.openppu.rdl.model.OnWrite;
import dev.openppu.rdl.model.Value;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What descriptions mean: scopes, defaults, parameters, expressions, addresses, references. */
class LanguageTest {

    private static BigInteger number(String expression) {
        return ((Value.Num) Rdl.map("property p { type = bit; component = addrmap; }; addrmap top { p = " + expression
                + "; reg { field {} a; } x; };").properties().get("p")).value();
    }

    /** Values after the standard's rules for width. */
    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '"', textBlock = """
            1 + 2 * 3                ; 7
            (1 + 2) * 3              ; 9
            2 ** 3 ** 2              ; 512
            7 / 2                    ; 3
            7 % 4                    ; 3
            10 - 4 - 3               ; 3
            1 << 4                   ; 16
            0xff >> 4                ; 15
            0xf0 | 0x0f              ; 255
            0xf0 & 0x3c              ; 48
            0xf0 ^ 0x3c              ; 204
            4'b1010 ~^ 4'b1001       ; 12
            ~8'h0f                   ; 240
            (8'hff + 8'h01) >> 4     ; 0
            (8'hff + 64'h01) >> 4    ; 16
            8'(8'hff + 8'h01)        ; 0
            4'(0xabcd)               ; 13
            {4'ha, 4'h5}             ; 165
            {2{4'ha}}                ; 170
            {2{2'b10, 2'b01}}        ; 153
            &4'hf                    ; 1
            &4'he                    ; 0
            |4'h0                    ; 0
            ^4'h7                    ; 1
            ~&4'hf                   ; 0
            ~|4'h0                   ; 1
            ~^4'h7                   ; 0
            !5                       ; 0
            !0                       ; 1
            3 < 4 ? 10 : 20          ; 10
            3 >= 4 ? 10 : 20         ; 20
            1 == 1 && 2 != 3         ; 1
            0 || 0                   ; 0
            -1                       ; 18446744073709551615
            64'hffff_ffff_ffff_ffff  ; 18446744073709551615
            0xFFFF_0000              ; 4294901760
            8'd255                   ; 255
            6'o77                    ; 63
            longint unsigned'(5)     ; 5
            bit'(6)                  ; 6
            {bit'(true), bit'(false)}; 2
            {boolean'(16'hc), 4'h0}  ; 16
            {4'ha, {0{4'hf}}, 4'hb}  ; 171
            {3{2'b1 + 3'b1}}         ; 146
            {{1'b1, 1'b0}{4'ha}}     ; 170
            (~(&(4'b1))) + 8'b0      ; 255
            0 ** -1                  ; 0
            1 ? 0 : 2 ? 3 : 4        ; 0
            '{1, 2} != '{1, 2, 3}    ; 1
            true + 1                 ; 2
            """)
    void expressionsHaveTheStandardsValues(String expression, BigInteger expected) {
        assertThat(number(expression)).isEqualTo(expected);
    }

    @Test
    void defaultsHoldForWhatFollowsInTheScopeAndInnerOnesWin() {
        AddressMap map = Rdl.map("""
                addrmap top {
                    reg { field {} before; } r0;
                    default sw = r;
                    reg { field {} a; default sw = w; default hw = r; field {} b; field { sw = rw; } c; } r1;
                    reg { field {} d; } r2;
                };
                """);
        assertThat(List.of("r0.before", "r1.a", "r1.b", "r1.c", "r2.d")).extracting(path -> Rdl.field(map, path).sw().name())
                .containsExactly("RW", "R", "W", "RW", "R");
    }

    @Test
    void defaultDoesNotExcludeWhatIsSaidExplicitly() {
        AddressMap map = Rdl.top("default woclr; reg { field {} a; field { onwrite = wot; } b; field { woset; } c; } x;");
        assertThat(List.of("x.a", "x.b", "x.c")).extracting(path -> Rdl.field(map, path).onWrite())
                .containsExactly(OnWrite.WOCLR, OnWrite.WOT, OnWrite.WOSET);
    }

    @Test
    void assignmentThroughTheHierarchyConcernsThatInstanceAlone() {
        AddressMap map = Rdl.map("""
                reg t { field { sw = rw; } f; };
                regfile g { t x; t y; };
                addrmap top { g one; g two; one.x.f->sw = r; two->name = "Second"; };
                """);
        assertThat(List.of("one.x.f", "one.y.f", "two.x.f")).extracting(path -> Rdl.field(map, path).sw().name())
                .containsExactly("R", "RW", "RW");
        assertThat(Rdl.node(map, "two").label()).isEqualTo("Second");
        assertThat(Rdl.node(map, "one").label()).isEqualTo("one");
    }

    @Test
    void laterAssignmentFromFurtherOutWins() {
        AddressMap map = Rdl.map("""
                reg t { field { woclr; } f; f->onwrite = wot; };
                addrmap top { t x; t y; x.f->woset = true; };
                """);
        assertThat(Rdl.field(map, "x.f").onWrite()).isEqualTo(OnWrite.WOSET);
        assertThat(Rdl.field(map, "y.f").onWrite()).isEqualTo(OnWrite.WOT);
    }

    @Test
    void innerDefinitionsHideOuterOnes() {
        AddressMap map = Rdl.map("""
                reg t { field {} outer; };
                addrmap top { t x; regfile { reg t { field {} inner; }; t x; } f; t y; };
                """);
        assertThat(Rdl.register(map, "f.x").fields().getFirst().name()).isEqualTo("inner");
        assertThat(Rdl.register(map, "y").fields().getFirst().name()).isEqualTo("outer");
    }

    @Test
    void parametersSpecialiseTypes() {
        AddressMap map = Rdl.map("""
                reg t #(longint unsigned W = 4, accesstype A = rw, bit NOTHING[] = '{}, string N = "plain") {
                    name = N; field {} f[W] = {W{1'b1}}; f->sw = A;
                };
                addrmap top #(longint unsigned N = 2) { t x; t #(.W(8), .A(r), .N("eight")) y[N]; };
                """);
        assertThat(Rdl.field(map, "x.f").width()).isEqualTo(4);
        assertThat(Rdl.field(map, "y.f").width()).isEqualTo(8);
        assertThat(Rdl.field(map, "y.f").reset()).isEqualTo(255);
        assertThat(Rdl.field(map, "y.f").sw().name()).isEqualTo("R");
        assertThat(Rdl.node(map, "y").label()).isEqualTo("eight");
        assertThat(Rdl.register(map, "y").array().dimensions()).containsExactly(2L);
        assertThat(Rdl.node(map, "x").typeName()).isEqualTo("t");
        assertThat(Rdl.node(map, "y").typeName()).startsWith("t_W_8_A_r_N_");
    }

    @Test
    void parametersOfTheTopComeFromOutside() {
        String text = "addrmap top #(longint unsigned N) { reg { field {} a; } x[N]; };";
        assertThat(new RdlCompiler().add("t", text).parameter("N", "2 + 3").compile().map("top").registers().findFirst().orElseThrow()
                .array().count()).isEqualTo(5);
        assertThat(new RdlCompiler().add("t", text).parameter("M", "5").compile().diagnostics().toString())
                .contains("'top' has no parameter 'M'");
        assertThat(new RdlCompiler().add("t", text).parameter("N", "\"x\"").compile().diagnostics().getFirst().position().file())
                .isEqualTo("<parameters>");
    }

    @Test
    void structuresAndArraysAreValues() {
        AddressMap map = Rdl.map("""
                struct base { string label; boolean on; };
                struct derived : base { longint unsigned weights[]; };
                enum kind_e { LOW = 1; HIGH; };
                property info { type = derived; component = addrmap; };
                property kind { type = kind_e; component = addrmap; default = kind_e::HIGH; };
                property where { type = ref; component = addrmap; };
                addrmap top {
                    info = derived'{label: "a", on: true, weights: '{1, 2, 3}};
                    kind;
                    where = x.f;
                    reg { field {} f; } x;
                };
                """);
        assertThat(map.properties().get("info")).isEqualTo(new Value.Struct("derived", Map.of("label", new Value.Text("a"), "on",
                Value.Flag.TRUE, "weights", new Value.ListOf(List.of(Value.Num.of(1), Value.Num.of(2), Value.Num.of(3))))));
        assertThat(map.properties().get("kind")).isInstanceOfSatisfying(Value.EnumValue.class,
                value -> assertThat(value.entry().value()).isEqualTo(2));
        assertThat(map.properties().get("where")).hasToString("x.f");
    }

    @Test
    void referencesAreBoundLateAndRelative() {
        AddressMap map = Rdl.map("""
                regfile unit { reg { field { intr; } a; } raw; reg { field {} a; } gate; raw.a->enable = gate.a; };
                addrmap top { unit u[2]; };
                """);
        assertThat(Rdl.field(map, "u.raw.a").properties().reference("enable"))
                .isEqualTo(new Value.Reference(2, List.of(new Value.Step("gate", List.of()), new Value.Step("a", List.of())), null));
    }

    @Test
    void signalsOfTheRootAreSeenFromEverywhere() {
        AddressMap map = Rdl.map("""
                signal { cpuif_reset; } rst;
                field f_t { resetsignal = rst; };
                reg t { f_t f; };
                addrmap top { regfile { t x; } g; };
                """);
        assertThat(map.signals()).singleElement().extracting(Object::toString).asString().contains("rst");
        assertThat(Rdl.field(map, "g.x.f").properties().reference("resetsignal"))
                .isEqualTo(new Value.Reference(3, List.of(new Value.Step("rst", List.of())), null));
    }

    // ---- places

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            addressing = regalign;            | 0 4 8 16 24
            addressing = compact;             | 0 4 8 16 24
            addressing = fullalign;           | 0 4 8 16 32
            alignment = 16;                   | 0 16 32 48 64
            addressing = compact; alignment=8;| 0 8 16 24 32
            """)
    void addressesFollowTheMode(String mode, String offsets) {
        AddressMap map = Rdl.map("reg n { field {} f; }; reg wide { regwidth = 64; field {} f; }; reg b { regwidth = 8; field {} f; };"
                + "addrmap top { " + mode + " b a; n c; wide d; wide e; n g[3]; };");
        assertThat(List.of("a", "c", "d", "e", "g")).extracting(name -> String.valueOf(((Addressable) Rdl.node(map, name)).offset()))
                .isEqualTo(List.of(offsets.split(" ", -1)));
    }

    @Test
    void alignmentOperatorMovesTheNextInstance() {
        AddressMap map = Rdl
                .top("reg { field {} f; } a; reg { field {} f; } b %= 0x100; reg { field {} f; } c[2] += 0x10; reg { field {} f; } d;");
        assertThat(List.of("b", "c", "d")).extracting(name -> ((Addressable) Rdl.node(map, name)).offset())
                .containsExactly(0x100L, 0x104L, 0x124L);
        assertThat(map.elementSize()).isEqualTo(0x128);
    }

    @Test
    void accessWidthDecidesCompactAlignment() {
        AddressMap map = Rdl
                .top("addressing = compact; reg { regwidth = 8; field {} f; } a; reg { regwidth = 64; accesswidth = 16; field {} f; } b;");
        assertThat(((Addressable) Rdl.node(map, "b")).offset()).isEqualTo(2);
    }

    @Test
    void fieldsArePackedFromEitherEnd() {
        AddressMap low = Rdl.top("reg { field {} a[4]; field {} b; field {} c[15:8]; field {} d[2]; } x;");
        assertThat(low.registers().findFirst().orElseThrow().fields()).extracting(Field::low).containsExactly(0, 4, 8, 16);
        AddressMap high = Rdl.top("msb0; reg { field {} a[4]; field {} b; } x;");
        assertThat(high.registers().findFirst().orElseThrow().fields()).extracting(Field::low).containsExactly(27, 28);
    }

    @Test
    void arraysInterleaveWhereTheirElementsFit() {
        assertThat(Rdl.messages("addrmap top { reg { field {} f; } a[4] @0 += 8; reg { field {} f; } b[4] @4 += 8; };")).isEmpty();
        assertThat(Rdl.messages("addrmap top { reg { field {} f; } a[4] @0 += 8; reg { field {} f; } b[4] @0 += 8; };")).isNotEmpty();
    }

    @Test
    void memoriesHaveEntriesAndVirtualRegisters() {
        AddressMap map = Rdl.top("external mem { mementries = 1024; memwidth = 32; reg { field {} f; } v[4]; } m @0x1000;");
        assertThat((Block) Rdl.node(map, "m")).isInstanceOfSatisfying(Memory.class, memory -> {
            assertThat(memory.elementSize()).isEqualTo(4096);
            assertThat(memory.entries()).isEqualTo(1024);
            assertThat(memory.placement().external()).isTrue();
        });
    }

    @Test
    void whatIsNotPresentIsLeftOutButKeepsItsPlace() {
        AddressMap map = Rdl.top(
                "reg { field {} f; } a; reg { ispresent = false; field {} f; } b; reg { field {} f; field {} g; } c; c.g->ispresent = false;");
        assertThat(map.children()).extracting("name").containsExactly("a", "c");
        assertThat(((Addressable) Rdl.node(map, "c")).offset()).isEqualTo(8);
        assertThat(Rdl.register(map, "c").fields()).hasSize(1);
    }

    // ---- the rest of the language

    @Test
    void stringsJoinAndKeepTheirLines() {
        AddressMap map = Rdl.top("desc = \"one\n  two \\\"quoted\\\"\" \" three\"; reg { field {} f; } x;");
        assertThat(map.description()).isEqualTo("one\n  two \"quoted\" three");
    }

    @Test
    void escapedKeywordsAreIdentifiers() {
        assertThat(Rdl.top("reg { field {} \\reg ; } \\field ;").registers().findFirst().orElseThrow().name()).isEqualTo("field");
    }

    @Test
    void olderDialectIsTakenOnRequest() {
        String old = "property kind { type = string; component = all; }; addrmap { kind = fast; reg { field {} f; } x; };";
        assertThat(new RdlCompiler().add("t", old).compile().succeeded()).isFalse();
        Compilation compilation = new RdlCompiler().add("t", old).oldDialect(true).compile();
        assertThat(compilation.diagnostics()).isEmpty();
        assertThat(compilation.map("top").properties().text("kind")).isEqualTo("fast");
    }

    @Test
    void topsAreTheMapsThatNoOtherContains() {
        String text = "addrmap leaf { reg { field {} f; } x; }; addrmap a { leaf l; }; addrmap b { leaf l; };";
        assertThat(new RdlCompiler().add("t", text).compile().maps()).containsOnlyKeys("a", "b");
        assertThat(new RdlCompiler().add("t", text).top("leaf").compile().maps()).containsOnlyKeys("leaf");
        assertThat(new RdlCompiler().add("t", text).top("c").compile().diagnostics().getFirst().hint()).contains("leaf, a, b");
    }

    @Test
    void filesShareOneRoot() {
        Compilation compilation = new RdlCompiler().add("types.rdl", "reg t { field {} f; };").add("top.rdl", "addrmap top { t x; u y; };")
                .compile();
        assertThat(compilation.diagnostics()).singleElement().asString()
                .isEqualTo("top.rdl:1:20: error: no component type is called 'u' here");
    }

    @Test
    void aFileThatComesTooLateIsPointedAt() {
        Compilation compilation = new RdlCompiler().add("top.rdl", "addrmap top { t x; };").add("types.rdl", "reg t { field {} f; };")
                .compile();
        assertThat(compilation.diagnostics().getFirst()).hasToString("top.rdl:1:15: error: no component type is called 't' here");
        assertThat(compilation.diagnostics().getFirst().notes()).singleElement().asString()
                .contains("types.rdl").contains("definitions come before their uses");
    }

    @Test
    void arraysOfAMillionRegistersStayArrays() {
        AddressMap map = Rdl.top("regfile { reg { field {} f; } x[1000]; } g[1000];");
        assertThat(map.elementSize()).isEqualTo(4_000_000);
        assertThat(map.children()).hasSize(1);
    }
}
