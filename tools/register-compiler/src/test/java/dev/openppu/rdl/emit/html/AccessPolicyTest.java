package dev.openppu.rdl.emit.html;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.rdl.Rdl;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The letters for what software may do; where UVM's register layer has a name for it, it is that name. */
class AccessPolicyTest {

    @ParameterizedTest
    @CsvSource({"sw = rw;, RW", "sw = r;, RO", "sw = w;, WO", "sw = na; hw = rw;, NA", "sw = rw1;, W1", "sw = w1;, WO1",
        "sw = r; rclr;, RC",
        "sw = r; onread = rset;, RS", "sw = rw; rclr;, WRC", "sw = rw; rset;, WRS", "sw = rw; onwrite = woclr;, W1C",
        "sw = rw; onwrite = woset;, W1S", "sw = rw; onwrite = wot;, W1T", "sw = rw; onwrite = wzc;, W0C", "sw = rw; onwrite = wzs;, W0S",
        "sw = rw; onwrite = wzt;, W0T", "sw = rw; onwrite = wclr;, WC", "sw = rw; onwrite = wset;, WS", "sw = w; onwrite = wclr;, WOC",
        "sw = w; onwrite = wset;, WOS", "sw = rw; onwrite = woset; rclr;, W1SRC", "sw = rw; onwrite = woclr; rset;, W1CRS",
        "sw = rw; onwrite = wset; rclr;, WSRC", "sw = rw; onwrite = wclr; rset;, WCRS"})
    void isWrittenAsVerificationEngineersDo(String properties, String letters) {
        assertThat(AccessPolicy.of(Rdl.field(Rdl.top("reg { field { " + properties + " } f = 0; } one;"), "one.f"))).isEqualTo(letters);
    }
}
