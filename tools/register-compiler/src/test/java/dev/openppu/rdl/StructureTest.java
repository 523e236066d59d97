package dev.openppu.rdl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.rdl.model.Access;
import dev.openppu.rdl.model.AddressMap;
import dev.openppu.rdl.model.Addressable;
import dev.openppu.rdl.model.Field;
import dev.openppu.rdl.model.Node;
import dev.openppu.rdl.model.OnWrite;
import dev.openppu.rdl.model.Value;
import dev.openppu.rdl.source.Warning;
import java.math.BigInteger;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How descriptions of real chips are put together: what stands where, is external, is called how, or is not there. */
class StructureTest {

    @Test
    void theGapAfterAnArraysLastElementIsFreeForWhatHasAnAddress() {
        String array = "regfile b_t { reg { field {} f[8]; } q[4]; }; b_t a[2] @0 += 0x20; ";
        assertThat(Rdl.messages("addrmap top { " + array + "b_t x @0x38; };")).isEmpty();
        assertThat(Rdl.messages("addrmap top { " + array + "b_t x @0x2c; };")).singleElement().asString()
                .contains("'x' at 0x2c overlaps 'a'");
        assertThat(offset(Rdl.top(array + "b_t x;"), "x")).isEqualTo(0x40);
    }

    @Test
    void resetsInACircleAreRefused() {
        assertThat(Rdl.messages("addrmap top { reg { field {} a; field {} b; a->reset = b; b->reset = a; } x; };")).singleElement()
                .asString()
                .contains("'reset' of field").contains("refers to itself by way of");
    }

    @Test
    void whatAnAliasLeavesOutIsThePrimarys() {
        AddressMap map = Rdl
                .top("reg p_t { field { sw = rw; hw = w; reset = 5; onwrite = woclr; } f[2:0]; }; reg a_t { field { sw = r; } f[2:0]; };"
                        + " p_t p; alias p a_t a;");
        Field alias = Rdl.field(map, "a.f");
        assertThat(alias.hw()).isEqualTo(Access.W);
        assertThat(alias.reset()).isEqualTo(5);
        assertThat(alias.sw()).isEqualTo(Access.R);
        assertThat(alias.onWrite()).isEqualTo(OnWrite.NONE);
    }

    private static long offset(AddressMap map, String path) {
        return ((Addressable) Rdl.node(map, path)).offset();
    }

    @Test
    void theSidesOfABridgeEachBeginAtZero() {
        AddressMap map = Rdl.map("""
                addrmap pair {
                    bridge;
                    reg word { field {} f; };
                    addrmap { word a; word b; } left;
                    addrmap { word a @ 0x40; } right;
                    addrmap { word a; } far @ 0x100;
                };
                """);
        assertThat(List.of("left", "right", "far")).extracting(name -> offset(map, name)).containsExactly(0L, 0L, 0x100L);
    }

    @Test
    void theLargestOfTheAlignmentsCounts() {
        AddressMap map = Rdl
                .top("reg word { field {} f; }; reg { regwidth = 64; field {} f; } a; word x; word b %= 12; regfile { word y[3]; } c %= 4;");
        assertThat(List.of("b", "c")).extracting(name -> offset(map, name)).containsExactly(12L, 16L);
    }

    @Test
    void theGapAfterTheLastElementOfAnArrayBelongsToIt() {
        AddressMap map = Rdl
                .top("reg word { field {} f; }; word a[2] += 0x80; word b; regfile { word c[3] += 8; } d; regfile { word x; } e;");
        assertThat(List.of("b", "d", "e")).extracting(name -> offset(map, name)).containsExactly(0x100L, 0x120L, 0x138L);
    }

    @Test
    void anAddressKeepsTheAlignmentThatIsAskedFor() {
        assertThat(Rdl.messages("addrmap top { alignment = 8; reg { field {} f; } a @ 0x10; reg { field {} f; } b @ 0x14; };"))
                .singleElement().asString().contains("'b' at 0x14 does not stand at a multiple of 8 bytes");
    }

    @Test
    void instancesOfATypeWithoutANameShareTheNameOfTheFirst() {
        AddressMap map = Rdl.top("regfile { reg { field {} f, g; } x, y; } first, second;");
        assertThat(((Addressable) Rdl.node(map, "second")).placement().typeName()).isEqualTo("first");
        assertThat(Rdl.register(map, "second.y").placement().typeName()).isEqualTo("x");
        assertThat(Rdl.field(map, "second.y.g").typeName()).isEqualTo("f");
    }

    @Test
    void whatIsNotPresentMayBeWrong() {
        AddressMap map = Rdl.map("""
                addrmap top #(boolean WIDE = false) {
                    reg { regwidth = 16; field { ispresent = WIDE; } high[31:16] = 0; field {} low[15:0] = 7; } a;
                    reg { ispresent = WIDE; field {} f[40] = 0; } b;
                    regfile { reg { field {} f[64]; } x; } c;
                    c->ispresent = WIDE;
                };
                """);
        assertThat(map.children()).extracting(Node::name).containsExactly("a");
        assertThat(Rdl.register(map, "a").reset()).isEqualTo(7);
        assertThat(new RdlCompiler().add("t", "addrmap top #(boolean W) { reg { ispresent = W; field {} f[40] = 0; } b; };")
                .parameter("W", "true").compile().succeeded()).isFalse();
    }

    @Test
    void numbersMayBeWiderThanLongs() {
        AddressMap map = Rdl
                .top("reg { regwidth = 128; field {} f[128] = 0x0123_4567_89ab_cdef_0123_4567_89ab_cdef; } x; reg { field {} f; } y;");
        assertThat(Rdl.field(map, "x.f").reset()).isEqualTo(new BigInteger("0123456789abcdef0123456789abcdef", 16));
    }

    @Test
    void masksOfTestsAreBooleansOutsideOfFields() {
        AddressMap map = Rdl.top("reg { field { donttest = 2; dontcompare = 1; } f[2]; } x, y; x->donttest = 0; y->donttest = 1;");
        assertThat(Rdl.node(map, "x").properties().is("donttest")).isFalse();
        assertThat(Rdl.node(map, "y").properties().get("donttest")).isEqualTo(Value.Flag.TRUE);
        assertThat(Rdl.field(map, "x.f").properties().get("donttest")).isEqualTo(Value.Num.of(2));
    }

    @Test
    void propertiesOfTheUserAreBoundWithoutAValue() {
        AddressMap map = Rdl.map("""
                property mark { type = string; component = all; };
                property rank { type = longint; component = reg; default = 123; };
                addrmap top { mark; reg { rank; field {} f; } x; reg { field {} f; } y; };
                """);
        assertThat(map.properties().has("mark")).isTrue();
        assertThat(Rdl.node(map, "x").properties().number("rank", 0)).isEqualTo(123);
        assertThat(Rdl.node(map, "y").properties().has("rank")).isFalse();
    }

    @Test
    void interruptsMayBeSaidToBeOneMoreThanOnce() {
        AddressMap map = Rdl.top("""
                default intr; default nonsticky intr;
                reg { field { intr; posedge intr; } a; field { level intr; nonsticky intr; } b; field { sw = rw; } c; } x;
                """);
        assertThat(List.of("x.a", "x.b", "x.c")).allMatch(path -> Rdl.field(map, path).isInterrupt());
    }

    @Test
    void anInterruptGivenThroughTheHierarchyIsOneWithItsKind() {
        AddressMap map = Rdl.top("reg { field {} a; field { counter; } b; a->posedge intr; b->nonsticky intr; } x;");
        assertThat(List.of("x.a", "x.b")).allMatch(path -> Rdl.field(map, path).isInterrupt());
        assertThat(Rdl.field(map, "x.b").isCounter()).isFalse();
    }

    @Test
    void aWireCanBeNamedInBothSenses() {
        AddressMap map = Rdl.top("reg { field { we; swwel; } a; field {} b; field {} c; field { counter; } n; field {} d;"
                + " b->next = a->wel; c->next = a->swwe; d->next = n->incrsaturate; } x;");
        assertThat(List.of("x.b", "x.c", "x.d")).extracting(path -> String.valueOf(Rdl.field(map, path).properties().reference("next")))
                .containsExactly("a->wel", "a->swwe", "n->incrsaturate");
    }

    @Test
    void fieldsMayHoldSignals() {
        AddressMap map = new RdlCompiler()
                .add("t", "addrmap top { reg { field { signal { activelow; } s; resetsignal = s; } f = 0; } x; };").compile().map("top");
        assertThat(Rdl.field(map, "x.f").properties().reference("resetsignal")).hasToString("s");
    }

    @Test
    void constraintsAreReadOverWithAWarning() {
        Compilation compilation = new RdlCompiler().add("t", """
                enum color { RED; BLUE; };
                constraint limit2 { this < 70; this > 20; };
                addrmap top {
                    reg { field { limit2 inst; constraint { this inside {[0:5], 7}; this inside color; } c1, c2; } f[8], g[8];
                          constraint { f > g; f inside {1, 2, [5:6]}; } order; } x;
                };
                """).compile();
        assertThat(compilation.succeeded()).isTrue();
        assertThat(compilation.diagnostics()).hasSize(3)
                .allMatch(diagnostic -> diagnostic.warning() == Warning.CONSTRAINT);
    }
}
