package dev.openppu.rdl.emit.rdl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.rdl.Rdl;
import dev.openppu.rdl.RdlCompiler;
import dev.openppu.rdl.emit.Golden;
import dev.openppu.rdl.emit.RandomDescription;
import dev.openppu.rdl.model.AddressMap;
import java.nio.file.Path;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is emitted compiles to the same map. Every map that {@link Rdl} compiles for a test is held to that, too. */
class RdlEmitterTest {

    private static String emit(AddressMap map) {
        return Golden.text(map, new RdlEmitter()::emit);
    }

    @Test
    void textIsTheGoldenOne() {
        Golden.check(emit(Golden.uart()), "rdl/uart.rdl");
    }

    @Test
    void deviceOfThisProjectComesBack() {
        new RdlCompiler().add(Path.of("../../hal/abi/src/main/rdl/ppu.rdl")).compile().maps().values().forEach(RoundTrip::check);
    }

    static LongStream seeds() {
        return LongStream.range(0, 100);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void randomMapsComeBack(long seed) {
        AddressMap map = Rdl.map(RandomDescription.of(seed));
        String text = emit(map);
        assertThat(emit(Rdl.map(text))).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        // strings that a preprocessor or a lexer might take for something else
        "desc = \"`include \\\"x\\\" // no /* comment */ `define Y\"; reg { field { desc = \"\\\\\"; name = \"\\\\\\\"\"; } f; } x;",
        // keywords as names
        "reg { field {} \\field ; field {} \\sw ; } \\reg ; reg { field { swwe = \\reg .\\sw ; } f; } x;",
        // a name further in hides the one that is meant
        "signal {} s; regfile { signal {} s; reg { field {} f; } x; } b; b.x.f->resetsignal = s;",
        // one type, its instances given different things
        "reg t { field { sw = rw; woclr; } f = 1; field {} g; }; t a; t b; t c[4]; b.f->onwrite = wot; c.f->reset = 0; c.g->ispresent = false;",
        "regfile t { reg { field {} f[7:0] = 1; } x; reg { field {} f; } y; x.f->swwe = y.f; }; t a[2]; t b; b.x.f->reset = 2; a.x.f->swwe = b.y.f;",
        // two types of one name
        "regfile { enum e { A = 1; }; reg t { field { encode = e; } f; }; t one; } b; regfile { enum e { A = 0; }; reg t { field { encode = e; } g; }; t two; } c;",
        // bits from the left
        "msb0; reg { field {} f[0:3]; field {} g[4:4]; } x; reg { field {} a; field {} b; } y;",
        // fields and registers that share their place
        "reg { field { sw = r; hw = w; } in[7:0]; field { sw = w; hw = r; } out[7:0]; } x;",
        "reg { field { sw = r; } f; } in @0x10; reg { field { sw = w; } f; } out @0x10;",
        // what stands at the root
        "external mem { mementries = 64; memwidth = 128; sw = r; } m[2] += 0x1000; reg { regwidth = 8; field {} f; } last @0x10000;"})
    void awkwardMapsComeBack(String body) {
        AddressMap map = Rdl.top(body);
        RoundTrip.check(map);
    }

    @Test
    void nestedMapsComeBack() {
        RoundTrip.check(Rdl.map("addrmap t { reg { field {} f; } x; }; addrmap outer { bridge; t a; t b @0x100; };"));
    }

    @Test
    void aMillionRegistersStayAnArray() {
        assertThat(emit(Rdl.top("reg { field {} f; } x[1000][1000];"))).hasSizeLessThan(200);
    }

    @Test
    void aTypeIsWrittenOnce() {
        assertThat(emit(Rdl.top("regfile t { reg { field {} f; } x[16]; }; t a; t b; t c; t d[8]; d.x.f->reset = 1;")))
                .containsOnlyOnce("regfile t").contains("d.x.f->reset = 1;");
    }
}
