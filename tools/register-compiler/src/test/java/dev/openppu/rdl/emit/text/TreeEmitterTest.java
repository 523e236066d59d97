package dev.openppu.rdl.emit.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.openppu.rdl.Rdl;
import java.io.IOException;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

/** The tree as a terminal shows it. */
class TreeEmitterTest {

    private static final String SOURCE = """
            enum mode_e { OFF = 0; ON = 1; };
            regfile unit {
                name = "One
                        unit";
                reg {
                    field { encode = mode_e; } mode[3:0] = 2;
                    field { sw = r; hw = w; name = "Ready"; rclr; } ready[8:8] = 1;
                } control @0;
                reg { regwidth = 64; accesswidth = 32; field { sw = w; hw = r; singlepulse; } go[63:63] = 0; } command[2][3] @8 += 16;
            };
            reg writable_id { field { sw = rw; hw = na; } id[31:0] = 32'hCAFE; };
            addrmap chip {
                reg { field { sw = r; hw = na; } id[31:0] = 32'hCAFE; } id @0;
                unit units[4] @0x100 += 0x100;
                alias id writable_id id_writable @0;
                external mem { mementries = 64; memwidth = 16; sw = r; } buffer @0x1000;
            };
            """;

    private static String tree(TreeEmitter emitter, String source) throws IOException {
        StringWriter out = new StringWriter();
        emitter.emit(Rdl.map(source), out);
        return out.toString();
    }

    @Test
    void everyBlockAndRegisterIsALineAndArraysStayOne() throws IOException {
        assertThat(tree(new TreeEmitter(), SOURCE)).isEqualTo("""
                address  name                         kind       size  access  reset
                 0x0000  chip                         addrmap  0x1080
                 0x0000  ├─ id                        reg 32      0x4  r       0x0000cafe
                 0x0000  ├─ id_writable               reg 32      0x4  rw      0x0000cafe          writable_id, alias of id
                 0x0100  ├─ units[4] += 0x100         regfile    0x68                              unit, "One unit"
                 0x0100  │  ├─ control                reg 32      0x4  rw      0x00000102
                 0x0108  │  └─ command[2][3] += 0x10  reg 64      0x8  w       0x0000000000000000  accessed by 32
                 0x1000  └─ buffer                    mem        0x80  r                           64 x 16 bits, external
                """);
    }

    @Test
    void fieldsShowTheirBitsWhereTheAddressStands() throws IOException {
        assertThat(tree(new TreeEmitter(Integer.MAX_VALUE, true), SOURCE)).isEqualTo("""
                address  name                         kind       size  access     reset
                 0x0000  chip                         addrmap  0x1080
                 0x0000  ├─ id                        reg 32      0x4  r          0x0000cafe
                 [31:0]  │  └─ id                     field            r, hw na   0x0000cafe
                 0x0000  ├─ id_writable               reg 32      0x4  rw         0x0000cafe          writable_id, alias of id
                 [31:0]  │  └─ id                     field            rw, hw na  0x0000cafe
                 0x0100  ├─ units[4] += 0x100         regfile    0x68                                 unit, "One unit"
                 0x0100  │  ├─ control                reg 32      0x4  rw         0x00000102
                    [8]  │  │  ├─ ready               field            r, hw w    0x1                 "Ready", rclr
                  [3:0]  │  │  └─ mode                field            rw, hw rw  0x2                 mode_e
                 0x0108  │  └─ command[2][3] += 0x10  reg 64      0x8  w          0x0000000000000000  accessed by 32
                   [63]  │     └─ go                  field            w, hw r    0x0                 singlepulse
                 0x1000  └─ buffer                    mem        0x80  r                              64 x 16 bits, external
                """);
    }

    @Test
    void depthEndsTheTree() throws IOException {
        assertThat(tree(new TreeEmitter(0, true), SOURCE).lines()).hasSize(2);
        assertThat(tree(new TreeEmitter(1, true), SOURCE)).isEqualTo("""
                address  name                  kind       size  access  reset
                 0x0000  chip                  addrmap  0x1080
                 0x0000  ├─ id                 reg 32      0x4  r       0x0000cafe
                 0x0000  ├─ id_writable        reg 32      0x4  rw      0x0000cafe  writable_id, alias of id
                 0x0100  ├─ units[4] += 0x100  regfile    0x68                      unit, "One unit"
                 0x1000  └─ buffer             mem        0x80  r                   64 x 16 bits, external
                """);
        assertThatIllegalArgumentException().isThrownBy(() -> new TreeEmitter(-1, false)).withMessageContaining("-1");
    }

    @Test
    void bitsRiseWhereTheMapSaysSo() throws IOException {
        String tree = tree(new TreeEmitter(9, true),
                "addrmap chip { msb0; reg { field {} first[0:7]; field {} last[31:31]; } word; };");
        assertThat(tree).contains("  [0:7]     └─ first", "   [31]     ├─ last");
    }

    @Test
    void namesCannotSendControlsToTheTerminal() throws IOException {
        String tree = tree(new TreeEmitter(), "addrmap chip { name = \"a\u001b[2Jb\"; reg { field {} f; } word; };");
        assertThat(tree).contains("\"a [2Jb\"").doesNotContain("\u001b");
    }

    @Test
    void aMillionRegistersInAnArrayAreOneLine() throws IOException {
        assertThat(tree(new TreeEmitter(), "addrmap chip { reg { field {} f; } word[1000][1000]; };").lines()).hasSize(3)
                .last().asString().contains("word[1000][1000] += 0x4");
    }
}
