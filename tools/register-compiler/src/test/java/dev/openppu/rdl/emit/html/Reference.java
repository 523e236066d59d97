package dev.openppu.rdl.emit.html;

import dev.openppu.rdl.Rdl;
import dev.openppu.rdl.model.AddressMap;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/** Documents for tests. */
final class Reference {

    private Reference() {}

    /** The reference of {@code map}. */
    static String of(AddressMap map) {
        StringWriter out = new StringWriter();
        try {
            new HtmlEmitter().emit(map, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString();
    }

    /** The reference of the map that {@code source} describes. */
    static String of(String source) {
        return of(Rdl.map(source));
    }

    /** A map with whatever makes documents hard. */
    static AddressMap hardMap() {
        StringBuilder flags = new StringBuilder();
        for (int bit = 0; bit < 64; bit++) {
            flags.append("field { desc = \"Cause %d.\"; onwrite = woclr; } cause_%d[%d:%d] = %d;\n".formatted(bit, bit, bit, bit, bit % 2));
        }
        return Rdl.map(HARD.replace("FLAGS", flags));
    }

    private static final String HARD = """
            enum mode_e { OFF = 0; SLOW = 1 { desc = "Half the [b]clock[/b]."; }; FAST = 2 { name = "Full speed"; }; };
            enum long_e { A = 0; B = 1; C = 2; D = 3; E = 4; F = 5; G = 6; H = 7; I = 8; LAST = 9; };
            regfile channel {
                name = "One channel";
                desc = "Moves data.

                    [list][*]First[*]Second[/list] See [url=https://example.org/]the site[/url].";
                reg {
                    desc = "Control of [instname][index], channel [index_parent].";
                    field { encode = mode_e; desc = "Speed."; } mode[1:0] = 1;
                    field { encode = long_e; } source[7:4] = 0;
                    field { swwe; } a_field_with_quite_a_long_name[23:16] = 8'h5a;
                    field { singlepulse; } go[31:31] = 0;
                } control[4] @0x0 += 8;
                reg { field { encode = long_e; } sink[3:0] = 9; } target @0x20;
                reg { regwidth = 64; FLAGS } flags @0x28;
                reg { field { intr; enable = target.sink; } overrun[3:0] = 0; } status @0x30;
                reg { regwidth = 256; accesswidth = 32; field {} digest[255:0] = 256'h1234; } wide @0x40;
                reg { regwidth = 8; field {} low[3:0] = 3; field { sw = r; } high[7:4] = 5; } small @0x60;
                reg { field { sw = r; hw = w; } received[31:0]; field { sw = w; hw = r; } sent[31:0]; } fifo @0x64;
            };
            addrmap hard {
                name = "Hard </title><script>document.title = 'owned'</script> map";
                desc = "</script><script>document.title = 'owned'</script><img src=x onerror=\\"document.title = 'owned'\\"> &amp; --> ]]>";
                reg {
                    name = "<b>Unbold</b>";
                    field { name = "'\\"><script>x</script>"; desc = "[url=javascript:alert(1)]no link[/url][color=red;background:url(//x)]c[/color]"; } id[31:0] = 32'hcafe;
                } identity @0x0;
                channel channels[3][1000] @0x1000 += 0x100;
                external mem { name = "Sample memory"; mementries = 4096; memwidth = 32; reg { field {} x[31:0]; } first[2] @0; } samples @0x800000;
                addrmap { channel inner @0; reg { field {} v[31:0] = 1; } million[1000000] @0x10000; } sub @0x10000000;
                reg { field {} v[31:0] = 1; } a_register_with_an_extraordinarily_long_name_that_somebody_has_chosen_after_all @0x20000000;
                reg { regwidth = 64; field {} v[63:0] = 0; } far @0x7fff00000000;
            };
            """;
}
