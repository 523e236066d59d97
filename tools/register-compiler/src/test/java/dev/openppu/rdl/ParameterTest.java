package dev.openppu.rdl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.rdl.model.AddressMap;
import dev.openppu.rdl.model.Register;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Parameters: where they are seen, how types with them are called, and when their bodies are read. */
class ParameterTest {

    @Test
    void areSeenInTheDefinitionsWithinTheirComponent() {
        AddressMap map = Rdl.map("""
                addrmap top {
                    regfile bank #(longint unsigned BITS = 1, string LABEL = "plain") {
                        reg word { name = LABEL; field {} low[BITS] = BITS - 1; };
                        regfile { word inner; } nested;
                        reg { field {} value[2 * BITS]; } direct;
                    };
                    bank one;
                    bank #(.BITS(5), .LABEL("five")) two;
                };
                """);
        assertThat(List.of("one.nested.inner.low", "two.nested.inner.low", "two.direct.value"))
                .extracting(path -> Rdl.field(map, path).width()).containsExactly(1, 5, 10);
        assertThat(Rdl.field(map, "two.nested.inner.low").reset()).isEqualTo(4);
        assertThat(Rdl.node(map, "two.nested.inner").label()).isEqualTo("five");
    }

    @Test
    void areHiddenByAnInstanceOfTheSameNameThatIsNearer() {
        AddressMap map = Rdl.map("""
                addrmap top #(longint unsigned N = 7) {
                    reg { field {} N; field { intr; } b; b->enable = N; } x;
                };
                """);
        assertThat(Rdl.field(map, "x.b").properties().reference("enable")).hasToString("N");
    }

    @Test
    void haveDefaultsThatSeeWhatTheDefinitionSees() {
        AddressMap map = Rdl.map("""
                addrmap sub #(longint unsigned W = 3) {
                    reg word #(longint unsigned BITS = W + 1) { field {} f[BITS]; };
                    regfile g #(longint unsigned W = 20) { word x; };
                    g y;
                };
                addrmap top { sub #(.W(6)) s; };
                """);
        assertThat(Rdl.field(map, "s.y.x.f").width()).isEqualTo(7);
    }

    @Test
    void nameTheTypeWhereTheyDifferFromTheirDefaults() {
        AddressMap map = Rdl.map("""
                reg word #(longint unsigned W = 4, string N = "plain", string L[] = '{"a"}, boolean B = false, accesstype A = rw) {
                    name = N; shared = B; field { sw = A; hdl_path_slice = L; } f[W];
                };
                addrmap top {
                    word a;
                    word #(.W(4), .A(rw)) same;
                    word #(.W(20), .B(true), .A(r)) b;
                    word #(.N("plainer"), .L('{"a", "b"})) c;
                };
                """);
        assertThat(map.registers()).extracting(register -> register.placement().typeName()).containsExactly("word", "word",
                "word_W_14_B_t_A_r", "word_N_" + md5("plainer") + "_L_" + md5(md5("a") + "_" + md5("b")));
    }

    private static String md5(String text) {
        try {
            byte[] sum = java.security.MessageDigest.getInstance("MD5").digest(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            return java.util.HexFormat.of().formatHex(sum).substring(0, 8);
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void needNoDefaultsThatMakeSense() {
        AddressMap map = Rdl.map("reg word #(longint unsigned W = 0) { field {} f[W]; }; addrmap top { word #(.W(3)) x; };");
        assertThat(Rdl.field(map, "x.f").width()).isEqualTo(3);
    }

    @Test
    void doNotBringDefaultsOfPropertiesAlongThatCameAfterTheDefinition() {
        AddressMap map = Rdl.map("""
                addrmap top {
                    reg word #(longint unsigned W = 2) { field {} f[W]; };
                    default sw = r;
                    word #(.W(3)) x;
                };
                """);
        assertThat(Rdl.field(map, "x.f").sw().name()).isEqualTo("RW");
    }

    @Test
    void ofAContainedMapDoNotMakeItARoot() {
        Compilation compilation = new RdlCompiler().add("t", """
                addrmap leaf #(longint unsigned N = 1) { reg { field {} f; } x[N]; };
                addrmap top #(longint unsigned M = 2) { leaf #(.N(M + 1)) l; };
                """).compile();
        assertThat(compilation.diagnostics()).isEmpty();
        assertThat(compilation.maps()).containsOnlyKeys("top");
        assertThat((Register) Rdl.node(compilation.map("top"), "l.x"))
                .satisfies(register -> assertThat(register.array().count()).isEqualTo(3));
    }

    @Test
    void doNotLetATypeContainItself() {
        assertThat(Rdl.messages("""
                regfile t #(longint unsigned N = 1) { reg { field {} f; } x; t #(.N(N + 1)) deeper; };
                addrmap top { t y; };
                """)).singleElement().asString().contains("'t' contains itself");
    }

    @Test
    void takeEntriesOfEnumerationsAndBooleansAsNumbers() {
        AddressMap map = Rdl.map("""
                enum speed { SLOW = 3; FAST = 9; };
                struct pair { boolean on; string label; longint unsigned weights[]; accesstype kind; };
                property info { type = pair; component = reg; };
                property flag { type = boolean; component = reg; };
                addrmap top #(longint unsigned N = speed::FAST, boolean ON = 5) {
                    reg { info = pair'{on: true}; flag = speed::SLOW; field {} f[4] = N; field {} g = true; ispresent = ON; } x;
                };
                """);
        assertThat(Rdl.field(map, "x.f").reset()).isEqualTo(9);
        assertThat(Rdl.field(map, "x.g").reset()).isEqualTo(1);
        assertThat(Rdl.register(map, "x").properties().is("flag")).isTrue();
        assertThat(Rdl.register(map, "x").properties().get("info")).asString().contains("label=Text[value=]", "word=rw");
    }

    @Test
    void holdNoReferences() {
        assertThat(Rdl.messages("""
                struct wire { signal end; };
                reg t #(wire W) { field {} f; };
                addrmap top { signal {} s; t #(.W(wire'{end: s})) x; };
                """)).singleElement().asString().contains("parameter 'W' cannot hold a reference to a component");
    }

    @Test
    void ofStringsCanBeJoined() {
        AddressMap map = Rdl.map("addrmap top #(string N = \"ab\") { reg { name = {N, \"-\", {2{\"xy\"}}}; field {} f; } x; };");
        assertThat(Rdl.node(map, "x").label()).isEqualTo("ab-xyxy");
    }
}
