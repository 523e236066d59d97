package dev.openppu.rdl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.rdl.emit.java.JavaEmitter;
import dev.openppu.rdl.live.LiveRegisters;
import dev.openppu.rdl.model.AddressMap;
import dev.openppu.rdl.source.Diagnostic;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the input: an answer, soon, and no exception. */
class HostileInputTest {

    private static final String SEED = """
            `define W 4
            reg reg2 { field { woset; } i; };
            signal { cpuif_reset; activehigh; } rst; enum e { A = 1 { name = "An A"; }; B; };
            struct s { string label; e kinds[]; };
            property info { type = s; component = all; default = s'{label: "x", kinds: '{e::A}}; };
            reg t #(longint unsigned W = `W, string N = "n") { name = N; field {} f[W] = {W{1'b1}}; };
            addrmap sub { t a; t #(.W(8)) b[4]; };
            addrmap top #(longint unsigned N = 2) {
                name = "Rich"; addressing = compact; info;
                external regfile { reg { regwidth = 64; accesswidth = 32;
                    field { encode = e; resetsignal = rst; sw = r; hw = w; } f[63:0] = 1; } x[2][3] += 16; } g[4] @0x100;
                reg { field { intr; hw = w; woclr; } i; field { counter; incrthreshold = 1; } n[8:1];
                      field { singlepulse; } p = 0; } raw;
                reg { field {} i; } gate; raw.i->enable = gate.i; raw.n->incr = gate.i;
                external mem { mementries = 16; memwidth = 32; reg { field {} a; } v[2]; } m @0x1000;
                sub s1; sub s2; s1.a.f->sw = r; t #(.N("z")) q[N] %= 64; alias gate reg2 h;
            };
            """;
    private static final List<String> WORDS = List.of("reg", "field", "{", "}", ";", "=", "@", "+=", "%=", "[", "]", "#(", ")", "->", "::",
            "'{", "alias", "external", "signal", "intr", "0", "64'hffffffffffffffff", "18446744073709551615", "-1", "**", "<<", "`W",
            "`define W `W", "`ifdef X", "default", "mem", "addrmap", "bridge;", "msb0;", "ispresent = false;", "2**40", "\"s\"", "swwe =",
            "alignment = 0;", "alignment = 3;", "fieldwidth = 0;", "regwidth = 0;", "accesswidth = 0;", "[1 << 40]", "\0", "\ud83d\ude00");

    @Test
    void seedItselfIsAccepted() {
        assertThat(Rdl.messages(SEED)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    @Timeout(60)
    void damagedDescriptionsAreAnswered(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 300; i++) {
            StringBuilder text = new StringBuilder(SEED);
            for (int damage = random.nextInt(4); damage >= 0; damage--) {
                damage(text, random);
            }
            Compilation compilation = new RdlCompiler().add("hostile.rdl", text.toString()).oldDialect(random.nextBoolean()).compile();
            compilation.diagnostics().forEach(Diagnostic::render);
            assertThat(compilation.succeeded()).isNotEqualTo(compilation.maps().isEmpty());
            compilation.maps().values().stream().filter(map -> map.elementSize() < 1 << 16).forEach(HostileInputTest::use);
        }
    }

    private static void use(AddressMap map) {
        new LiveRegisters(map).reset();
        assertThat(new JavaEmitter("p", "p", JavaEmitter.View.HARDWARE, "hostile.rdl").emit(List.of(map))).isNotEmpty();
    }

    private static void damage(StringBuilder text, Random random) {
        int at = random.nextInt(text.length());
        int end = Math.min(text.length(), at + 1 + random.nextInt(20));
        switch (random.nextInt(4)) {
            case 0 -> text.insert(at, " " + WORDS.get(random.nextInt(WORDS.size())) + " ");
            case 1 -> text.delete(at, end);
            case 2 -> text.insert(random.nextInt(text.length()), text.substring(at, end));
            default -> text.setCharAt(at, (char) (32 + random.nextInt(95)));
        }
    }

    @Test
    void hugeArraysCostNothing() {
        long start = System.nanoTime();
        assertThat(Rdl.messages("addrmap top { reg { field {} f; } x[1 << 36]; };")).isEmpty();
        assertThat(Rdl.messages("addrmap top { regfile { reg { field {} f; } x[1 << 36]; } g[1 << 36]; };")).isNotEmpty();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
    }
}
