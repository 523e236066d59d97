package dev.openppu.rdl.emit.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.rdl.Rdl;
import org.junit.jupiter.api.Test;

/** The list for software that reads registers by name and must change nothing by it. */
class ReadableRegistersTest {
    @Test
    void everyElementHasItsLineAndWhatReadingWouldChangeHasNone() {
        assertThat(ReadableRegisters.of(Rdl.map("""
                regfile unit {
                    reg { regwidth = 64; field { sw = r; hw = w; } count[63:0] = 0; } count @0;
                    reg { field { sw = r; hw = w; rclr; } seen[0:0] = 0; field { sw = r; hw = na; } id[31:8] = 1; } events @8;
                    reg { field { sw = w; hw = r; } go[0:0] = 0; } command @12;
                };
                addrmap chip {
                    reg { field { sw = rw; hw = r; } value[31:0] = 0; } id @0;
                    unit units[2] @0x100 += 0x10;
                };
                """))).isEqualTo("""
                0 4 id
                100 8 units[0].count
                110 8 units[1].count
                """);
    }
}
