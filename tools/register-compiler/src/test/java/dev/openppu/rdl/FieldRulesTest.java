package dev.openppu.rdl;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules of the standard's chapter 9 for one field: what breaks one is refused, what comes close to it is not. */
class FieldRulesTest {

    private static String field(String properties) {
        return "addrmap top { reg { field { " + properties + " } a[7:0] = 0; } x; };";
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            hw = w1;                                          | hw=w1 makes no sense
            hw = rw1;                                         | hw=rw1 makes no sense
            sw = w1; hw = w;                                  | software only writes field 'a' and hardware cannot read it: sw=w1, hw=w
            sw = na; hw = na;                                 | nobody reads field 'a', and software cannot reach it
            sw = na; hw = w;                                  | nobody reads field 'a', and software cannot reach it
            onread = ruser;                                   | 'ruser' needs an external register
            onwrite = wuser;                                  | 'wuser' needs an external register
            sw = w; rset;                                     | a read side effect needs a field that software can read
            sw = r; onwrite = wset;                           | a write side effect needs a field that software can write
            hw = r; wel;                                      | 'wel' needs a field that hardware can write
            hw = na; we;                                      | 'we' needs a field that hardware can write
            donttest = 256;                                   | the mask of 'donttest' has more than the 8 bits of the field
            dontcompare = 256;                                | the mask of 'dontcompare' has more than the 8 bits of the field
            donttest = 3; dontcompare = 6;                    | a bit has either 'donttest' or 'dontcompare'
            donttest; dontcompare = 1;                        | a bit has either 'donttest' or 'dontcompare'
            counter; incrvalue = 256;                         | incrvalue 256 does not fit the 8 bits
            counter; threshold = 256;                         | threshold 256 does not fit the 8 bits
            counter; decrsaturate = 256;                      | decrsaturate 256 does not fit the 8 bits
            counter; incrwidth = 9;                           | incrwidth is 9, but must be from 1 to the counter's width, 8
            counter; decrwidth = 0;                           | decrwidth is 0, but must be from 1 to the counter's width, 8
            counter; incrwidth = 2; incrvalue = 2;            | exclude each other
            overflow;                                         | 'overflow' needs a counter
            decrwidth = 1;                                    | 'decrwidth' needs a counter
            decrthreshold = 1;                                | 'decrthreshold' needs a counter
            sticky; stickybit;                                | exclude each other
            hw = r; sticky;                                   | 'sticky' needs a field that hardware can write
            hw = r; stickybit;                                | 'stickybit' needs a field that hardware can write
            sticky; we;                                       | 'we' and 'sticky' both decide when hardware loads the field
            stickybit; wel;                                   | 'wel' and 'stickybit' both decide when hardware loads the field
            posedge intr; sticky;                             | 'sticky' holds a level, but the interrupt is 'posedge'
            bothedge intr; sticky;                            | 'sticky' holds a level, but the interrupt is 'bothedge'
            """)
    void whatBreaksARuleIsRefused(String properties, String expected) {
        assertThat(Rdl.messages(field(properties))).singleElement().asString().startsWith("test.rdl:1:").contains(": error: ")
                .contains(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            sw = w; hw = r;
            sw = w1; hw = rw;
            sw = rw; hw = na;
            sw = w; hw = na; swmod;
            sw = w; hw = na; swacc;
            sw = rw1; hw = r; rclr;
            hw = rw; we; precedence = hw;
            hw = w; wel; hwset; hwclr;
            donttest = 3; dontcompare = 12;
            donttest; dontcompare = false;
            donttest = 255;
            counter; incrvalue = 255; decrvalue = 255; threshold = 255; saturate = 255; decrthreshold = 0; decrsaturate;
            counter; incrwidth = 8; decrwidth = 1; overflow; underflow;
            overflow = false; saturate = false;
            sticky; hw = w;
            intr; sticky;
            level intr; sticky;
            posedge intr; stickybit;
            nonsticky intr; we;
            stickybit = false; we;
            sw = r; swmod; rclr;
            """)
    void whatKeepsThemIsAccepted(String properties) {
        assertThat(Rdl.messages(field(properties))).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            field { singlepulse; } a;                         | a single-pulse field has one bit, and its reset value is given as 0
            field { singlepulse; } a[2] = 0;                  | a single-pulse field has one bit, and its reset value is given as 0
            field { singlepulse; sw = r; } a = 0;             | a single-pulse field must be one that software can write
            field { singlepulse; woclr; } a = 0;              | a write of 'woclr' cannot start the pulse
            field { singlepulse; onwrite = wclr; } a = 0;     | a write of 'wclr' cannot start the pulse
            field { singlepulse; woset; } a = 0;              | ~
            field { singlepulse = false; } a[2] = 3;          | ~
            """)
    void singlePulsesBeginAtZeroAndAtAWrite(String field, String expected) {
        if (expected.equals("~")) {
            assertThat(Rdl.messages("addrmap top { reg { " + field + " } x; };")).isEmpty();
        } else {
            assertThat(Rdl.messages("addrmap top { reg { " + field + " } x; };")).singleElement().asString().contains(expected);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            external reg { field { onread = ruser; onwrite = wuser; } a; } x;
            external regfile { reg { field { onread = ruser; } a; } x; } f;
            external regfile { regfile { reg { field { onwrite = wuser; } a; } x; } inner; } f;
            """)
    void whatTheUserDefinesIsForExternalRegisters(String body) {
        assertThat(Rdl.messages("addrmap top { " + body + " };")).isEmpty();
    }
}
