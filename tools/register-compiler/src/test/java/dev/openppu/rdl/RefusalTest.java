package dev.openppu.rdl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.rdl.source.Diagnostic;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the standard forbids is refused, with a message that says what is wrong and where. */
class RefusalTest {

    @ParameterizedTest(name = "{1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            reg { field {} a[7:0]; field {} b[4:4]; } x;                              | field 'b' overlaps field 'a'
            reg { field {} a[32:0]; } x;                                              | field 'a' has bits 32 to 0, but its register only 31 to 0
            reg { field {} a[40]; } x;                                                | field 'a' has bits 39 to 0
            reg { field {} a[0:3]; field {} b[7:4]; } x;                              | [low:high] and [high:low] do not go together
            reg { field {} a[3:0] = 16; } x;                                          | reset value 16 does not fit the 4 bits
            reg { field { reset = 5'h1f; } a[3:0]; } x;                               | reset value 31 does not fit
            reg { field {} a; } x @0; reg { field {} a; } y @0;                       | 'y' at 0x0 overlaps 'x' at 0x0
            reg { field {} a; } x[4] @0; reg { field {} a; } y @8;                    | 'y' at 0x8 overlaps 'x' at 0x0
            reg { field {} a; } x[4] @0 += 2;                                         | the elements of 'x' overlap
            regfile { reg { field {} a; } x; } f @0; reg { field {} a; } y @0;        | 'y' at 0x0 overlaps 'f' at 0x0
            reg { field {} a; } x[0];                                                 | the number of elements is 0, but must be from 1
            reg { field {} a; } x[1 << 32] += 1 << 32;                                  | 'x' reaches beyond address 2^56
            reg { regwidth = 24; field {} a; } x;                                     | regwidth is 24, but must be a power of two
            reg { accesswidth = 4; field {} a; } x;                                   | accesswidth is 4, but must be a power of two
            reg { regwidth = 4294967296; field {} a; } x;                             | regwidth is 4294967296, but must be
            reg { field {} a; } x; x.a->sw = r; x.a->sw = rw;                         | 'sw' of 'x.a' is assigned twice in this scope
            enum e { A { colour = "x"; }; }; reg { field {} a; } x;                   | an entry of an enum has a name and a desc, but no 'colour'
            reg { } x;                                                                | this reg has no field
            regfile { } x;                                                            | this regfile is empty
            reg { field { regwidth = 8; } a; } x;                                     | 'regwidth' is no property of a field
            reg { sw = r; field {} a; } x;                                            | 'sw' is no property of a reg
            reg { field { colour = 5; } a; } x;                                       | no property is called 'colour'
            reg { field { sw = 5; } a; } x;                                           | this is the number 5, but an access type
            reg { field { sw = woclr; } a; } x;                                       | this is 'woclr', but an access type
            reg { field { onread = woclr; } a; } x;                                   | but a read side effect
            reg { field { name = 5; } a; } x;                                         | this is the number 5, but a string is needed
            reg { field { reset = "x"; } a; } x;                                      | this is a string, but a number
            reg { field { onread; } a; } x;                                           | 'onread' needs a value
            reg { field { sw = r; sw = rw; } a; } x;                                  | 'sw' is assigned twice
            reg { field { woclr; woset; } a; } x;                                     | 'woset' and 'woclr' exclude each other
            reg { field { rclr; onread = rset; } a; } x;                              | exclude each other
            reg { field { swwe; swwel; } a; } x;                                      | exclude each other
            reg { field { counter; intr; } a; } x;                                    | exclude each other
            reg { field { sw = w; hw = w; } a; } x;                                   | software only writes field 'a' and hardware cannot read it
            reg { field { sw = w; hw = r; rclr; } a; } x;                             | a read side effect needs a field that software can read
            reg { field { sw = r; woclr; } a; } x;                                    | a write side effect needs a field that software can write
            reg { field { hw = r; we; } a; } x;                                       | 'we' needs a field that hardware can write
            reg { field { singlepulse; } a[1:0]; } x;                                 | a single-pulse field has one bit
            reg { field { singlepulse; } a = 1; } x;                                  | and its reset value is given as 0
            reg { field { incrvalue = 2; } a[1:0]; } x;                               | 'incrvalue' needs a counter
            reg { field { counter; incrvalue = 4; } a[1:0]; } x;                      | incrvalue 4 does not fit the 2 bits
            reg { field {} a; field {} b; a->enable = b; } x;                         | 'enable' needs an interrupt field
            reg { field {} b; } y; reg { field {} a; } x; x.a->swwe = y;              | 'y' is a reg, but 'swwe' takes a reference to a field or a signal
            reg { field {} b; field {} a; a->resetsignal = b; } x;                    | 'b' is a field, but 'resetsignal' takes a signal
            reg { field {} a; a->swwe = b; } x;                                       | there is no instance 'b' here
            reg { field {} a; b->swwe = a; } x;                                       | there is no instance 'b' here
            reg { field {} a; } x; x.b->swwe = x.a;                                   | there is no instance 'b' here
            reg { field {} a; } x; reg { field { swwe = x.b; } a; } y;                | there is no instance 'b' in x.b
            reg { field {} a; } x[4]; reg { field {} a; } y; y.a->swwe = x[4].a;      | there is no element [4] of 'x'
            reg { field {} a; } x[4]; x[1].a->sw = r;                                 | assignments to one element of an array are not supported
            reg { field {} a; } x; x->regwidth = 64;                                  | 'regwidth' cannot be assigned through the hierarchy
            thing x;                                                                  | no component type is called 'thing' here
            enum e { A; }; e x;                                                       | 'e' is no component type
            reg t { field {} a; }; reg t { field {} a; }; t x;                        | 't' is defined twice
            reg { field {} a; } x; reg { field {} a; } x;                             | 'x' is instantiated twice
            regfile t { reg { field {} a; } r1; t inner; }; t x;                      | 't' contains itself
            field {} x;                                                               | a field cannot be instantiated in a addrmap
            reg t { field {} a; }; reg { t b; } x;                                    | a reg cannot be instantiated in a reg
            reg { field {} a; } x = 5;                                                | only a field has a reset value
            reg { field {} a; } x += 4;                                               | a stride makes sense for an array only
            reg { field {} a; } x @0 %= 4;                                            | either an address (@) or an alignment (%=)
            reg { field {} a; } x[7:0];                                               | a bit range makes no sense for a reg
            reg { field {} a[2][2]; } x;                                              | a field has one width only
            reg { field {} a @4; } x;                                                 | a field has no address
            reg { field { fieldwidth = 3; } a[1:0]; } x;                              | field 'a' is 2 bits wide here, but its fieldwidth is 3
            enum e { A = 1; B = 1; }; reg { field { encode = e; } a[1:0]; } x;        | value 1 stands twice in enum e
            enum e { A; A; }; reg { field { encode = e; } a[1:0]; } x;                | entry 'A' stands twice
            enum e { A = 4; }; reg { field { encode = e; } a[1:0]; } x;               | entry 'A' of the field's enum is 4, which does not fit
            reg { field { encode = nothing; } a; } x;                                 | no enum is called 'nothing' here
            reg { field {} a = 1 / 0; } x;                                            | division by zero
            reg { field {} a = 4'h1f; } x;                                            | this number needs 5 bits, but has 4
            reg { field {} a = 4'b12; } x;                                            | the digits do not fit the base
            reg { field {} a[{70000{1'b1}}]; } x;                                     | the number of replications is 70000
            reg { field {} a = "x" == 5; } x;                                         | a string and the number 5 cannot be compared
            reg { name = {"x", 5}; field {} a; } x;                                    | this is the number 5, but a string is needed
            struct s { number n; }; reg { field {} a = s'{}; } x;                    | member 'n' of struct s is missing, and has no default
            reg { field {} a; field {} b = a; } x; reg { field {} c[x]; } y;          | names an instance, if anything
            reg t #(longint unsigned N) { field {} a[N]; }; t x;                      | parameter 'N' has no default and is not given
            reg t #(longint unsigned N = 1) { field {} a[N]; }; t #(.M(2)) x;         | 't' has no parameter 'M'
            reg t #(string S = "a") { name = S; field {} a; }; t #(.S(2)) x;          | this is the number 2, but a string is needed
            signal { activehigh; activelow; } s; reg { field {} a; } x;               | exclude each other
            bridge; reg { field {} a; } x;                                            | a bridge consists of address maps
            addrmap { bridge; addrmap { reg { field {} a; } x; } f; addrmap { reg { field {} a; } x; } g; } b; | 'b' is a bridge, which only a root address map can be
            reg { field {} a; field {} b; a->next = b->next; b->next = a->next; } x; | 'next' of field 'b' refers to itself by way of 'a->next'
            reg { field {} a = 0; field {} b = 0; a->swwe = b->swwel; b->swwel = a->swwe; } x; | refers to itself by way of
            reg p { field {} a; }; p x; alias x reg { field {} b; } y;                | ~
            reg p { field {} a; }; reg q { field {} b; }; p x; alias x q y;           | the alias has a field 'b', which 'x' has not
            reg p { field {} a; }; alias x p y;                                       | an alias is a reg that stands for another reg
            mem { mementries = 0; memwidth = 8; } m;                                  | mementries is 0, but must be 1 at least
            mem { mementries = 1; memwidth = 8; reg { field {} a; } x; } m;           | the virtual registers need 4 bytes, but the memory has 1
            """)
    void whatIsForbiddenIsNamed(String body, String expected) {
        List<String> messages = Rdl.messages("addrmap top { " + body + " };");
        assertThat(messages).isNotEmpty();
        if (!expected.equals("~")) {
            assertThat(String.join("\n", messages)).startsWith("test.rdl:1:").contains(expected);
        }
    }

    @Test
    void propertiesOfTheUserAreCheckedLikeTheStandards() {
        String property = "property weight { type = number; component = reg | field; default = 3; };";
        assertThat(Rdl.messages(property + "addrmap top { weight = 1; reg { field {} a; } x; };"))
                .singleElement().asString().contains("'weight' is no property of a addrmap");
        assertThat(Rdl.messages(property + "addrmap top { reg { weight = \"heavy\"; field {} a; } x; };"))
                .singleElement().asString().contains("this is a string, but a number is needed");
        assertThat(Rdl.messages(property + property + "addrmap top { reg { field {} a; } x; };"))
                .singleElement().asString().contains("property 'weight' exists already");
        assertThat(Rdl.messages("property weight { type = number; }; addrmap top { reg { field {} a; } x; };"))
                .singleElement().asString().contains("needs a type and the components");
        assertThat(Rdl.messages("property guard { type = signal; component = field; };"
                + "addrmap top { reg { field {} b; field {} a; a->guard = b; } x; };")).singleElement().asString()
                .contains("'b' is a field, but 'guard' takes a reference to signal");
        assertThat(Rdl.messages("property code { type = bit; component = field; constraint = componentwidth; };"
                + "addrmap top { reg { field { code = 4; } a[1:0]; } x; };")).singleElement().asString()
                .contains("'code' is 4, which does not fit the 2 bits of its component");
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(delimiter = '|', textBlock = """
            sw = r; addrmap top { reg { field {} a; } x; };                                              | a property is assigned in a component's body
            default sw = r; default sw = rw; addrmap top { reg { field {} a; } x; };                     | 'sw' has a default in this scope already
            addrmap top { reg { field { posedge counter; } a; } x; };                                    | 'posedge' stands before intr only
            addrmap top { reg { field {} a; } x[2][3]; reg { field {} b; } y; y.b->swwe = x[1][3].a; };  | there is no element [1, 3] of 'x'
            addrmap top { reg { field {} a; } x; reg { field {} b; } y; y.b->swwe = x[0].a; };           | there is no element [0] of 'x'
            """)
    void assignmentsOutOfPlaceAreNamed(String text, String expected) {
        assertThat(Rdl.messages(text)).singleElement().asString().contains(": error: ").contains(expected);
    }

    @Test
    void anUnknownNameIsOneError() {
        assertThat(Rdl.messages("addrmap top { missing m; m.f->sw = r; reg { field {} a; } x; };")).hasSizeLessThanOrEqualTo(2);
        assertThat(Rdl.messages("addrmap top { reg t #(longint unsigned N = missing) { field {} a[N]; }; t x; t y; t z[4]; };")).hasSize(1);
    }

    @Test
    void allErrorsComeInOneGo() {
        assertThat(Rdl.messages("addrmap top {\n reg { field { colour = 1; } a; } x;\n reg { field { shape = 2; } a; } y;\n};"))
                .containsExactly("test.rdl:2:16: error: no property is called 'colour'",
                        "test.rdl:3:16: error: no property is called 'shape'");
    }

    @Test
    void messagePointsAtThePlaceAndAtTheOtherOne() {
        Diagnostic diagnostic = new RdlCompiler().add("chip.rdl", """
                addrmap top {
                    reg { field {} a; } one @0;
                \treg { field {} a; } two @0;
                };
                """).compile().diagnostics().getFirst();
        assertThat(diagnostic.render()).isEqualTo("""
                chip.rdl:3:22: error: 'two' at 0x0 overlaps 'one' at 0x0
                  \treg { field {} a; } two @0;
                  \t                    ^^^
                chip.rdl:2:25: note: which stands here
                      reg { field {} a; } one @0;
                                          ^^^
                """);
    }

    @Test
    void misspeltNamesGetAHint() {
        Diagnostic diagnostic = new RdlCompiler().add("chip.rdl", "addrmap top { reg { field { onraed = rclr; } a; } x; };").compile()
                .diagnostics().getFirst();
        assertThat(diagnostic.hint()).isEqualTo("did you mean 'onread'?");
        assertThat(diagnostic.render()).endsWith("  hint: did you mean 'onread'?\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            addrmap top { reg { field {} a; } x }                      | 1:37
            addrmap top { reg { field {} a } x; };                     | 1:32
            addrmap top                                                | 1:
            addrmap top { reg { field {} a; } x @; };                  | 1:38
            addrmap top { reg { field {} a; } x; }; }                  | 1:41
            @#%                                                        | 1:1
            """)
    void syntaxErrorsPointAtTheToken(String text, String place) {
        assertThat(Rdl.messages(text).getFirst()).startsWith("test.rdl:" + place);
    }

    @Test
    void keywordsAsNamesAreTheOnlyErrors() {
        assertThat(Rdl.messages("addrmap top { reg { field { sw = w1; } w[23:16] = 3; field {} rw; field {} reg @ 4; } r; };"))
                .containsExactly("test.rdl:1:40: error: 'w' is a keyword of the language",
                        "test.rdl:1:63: error: 'rw' is a keyword of the language",
                        "test.rdl:1:76: error: 'reg' is a keyword of the language",
                        "test.rdl:1:87: error: 'r' is a keyword of the language");
    }

    @Test
    void whatHasNoEndAndNumbersWithoutDigitsAreSaidOnce() {
        assertThat(Rdl.messages("addrmap top { name = \"abc\n; };")).containsExactly("test.rdl:1:22: error: this string has no end");
        assertThat(Rdl.messages("addrmap top {\n /* * abc };")).containsExactly("test.rdl:2:2: error: this comment has no end");
        assertThat(Rdl.messages("addrmap top { reg { field {} a[4] = 4'hG; field {} b[4] = 4'q1; } x; };"))
                .containsExactly("test.rdl:1:37: error: '4'hG' is no number", "test.rdl:1:59: error: '4'q1' is no number");
    }

    @Test
    void anArrayBeyondAllMeasureIsRefusedInAnyShape() {
        assertThat(Rdl.messages("addrmap top { reg { field {} a; } x[1 << 40]; };")).singleElement().asString().contains("1099511627776");
        assertThat(Rdl.messages("addrmap top { reg { field {} a; } x[1 << 20][1 << 20]; };")).singleElement().asString()
                .contains("'x' has 1099511627776 elements");
        assertThat(Rdl.messages("addrmap top { reg { field {} a; } x[-1]; };")).singleElement().asString().contains("(-1 in 64 bits");
    }

    @Test
    void errorsOfLayoutAreSaidBesideErrorsOfNames() {
        assertThat(Rdl.messages("addrmap top { reg { field {} a[3:0]; field {} b[2:2]; } x @ 0; regg y;"
                + " reg { field { sw = q; } c[40:0]; } z; };")).hasSize(4).anyMatch(m -> m.contains("'b' overlaps"))
                .anyMatch(m -> m.contains("'regg'")).anyMatch(m -> m.contains("'q'")).anyMatch(m -> m.contains("bits 40 to 0"));
    }

    @Test
    void aKeywordThatAPathBeginsWithIsTheOnlyError() {
        assertThat(Rdl.messages("addrmap top { reg { field {} a; } r[4] @ 8; r.a->name = \"n\"; };")).containsExactly(
                "test.rdl:1:35: error: 'r' is a keyword of the language", "test.rdl:1:45: error: 'r' is a keyword of the language");
    }

    @Test
    void aMissingSemicolonBeforeAKeywordIsNoName() {
        assertThat(Rdl.messages("addrmap top { reg { field {} a } x; };")).singleElement().asString().doesNotContain("keyword");
        assertThat(Rdl.messages("addrmap top { reg { field {} a; } x  reg { field {} b; } y; };")).singleElement().asString()
                .contains("';'").doesNotContain("keyword");
    }

    @Test
    void keywordAsANameIsExplained() {
        Diagnostic diagnostic = new RdlCompiler().add("t", "addrmap top { reg { field {} all; } x; };").compile().diagnostics().getFirst();
        assertThat(diagnostic.message()).isEqualTo("'all' is a keyword of the language");
        assertThat(diagnostic.hint()).isEqualTo("as a name, write it '\\all'");
    }

    @Test
    void nothingToCompileIsSaid() {
        assertThat(Rdl.messages("")).singleElement().asString().contains("there is no address map");
        assertThat(Rdl.messages("enum e { A; };")).singleElement().asString().contains("there is no address map");
    }

    @Test
    void deepNestingIsRefusedAndNotFatal() {
        String deep = "(".repeat(200_000) + "1" + ")".repeat(200_000);
        assertThat(Rdl.messages("addrmap top { reg { field {} a = " + deep + "; } x; };")).isNotEmpty();
    }

    @Test
    void moreErrorsThanAnyoneReadsEndTheCompilation() {
        StringBuilder text = new StringBuilder("addrmap top {\n");
        for (int i = 0; i < 1000; i++) {
            text.append("reg { field { p").append(i).append(" = 1; } a; } r").append(i).append(";\n");
        }
        assertThat(Rdl.messages(text + "};")).hasSizeBetween(200, 202);
    }
}
