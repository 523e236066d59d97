package dev.openppu.rdl;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What may share bits or addresses, and what may not. */
class OverlapTest {

    private static final String TYPES = "reg ro { field { sw = r; hw = w; } f; }; reg wo { field { sw = w; hw = r; } f; };"
            + "reg rw_t { field {} f; }; reg wide { regwidth = 64; field {} f; };";

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            ro a @0; ro b @0;                         | 'b' at 0x0 overlaps 'a' at 0x0
            wo a @0; wo b @0;                         | 'b' at 0x0 overlaps 'a' at 0x0
            rw_t a @0; ro b @0;                       | 'b' at 0x0 overlaps 'a' at 0x0
            rw_t a @0; wo b @0;                       | 'b' at 0x0 overlaps 'a' at 0x0
            wo a @0; rw_t b @0;                       | 'b' at 0x0 overlaps 'a' at 0x0
            rw_t a[4] @0 += 8; rw_t b[4] @8 += 8;     | 'b' at 0x8 overlaps 'a' at 0x0
            rw_t a[4] @0 += 8; rw_t b[4] @4 += 12;    | 'b' at 0x4 overlaps 'a' at 0x0
            rw_t a[4] @0 += 8; rw_t b @16;            | 'b' at 0x10 overlaps 'a' at 0x0
            rw_t a[4] @0 += 8; wide b @4;             | 'b' at 0x4 overlaps 'a' at 0x0
            rw_t a[4] @0 += 8; wide b[2] @4 += 8;     | 'b' at 0x4 overlaps 'a' at 0x0
            wide a @0; rw_t b[2] @4 += 8;             | 'b' at 0x4 overlaps 'a' at 0x0
            regfile { ro a; } f @0; wo b @0;          | 'b' at 0x0 overlaps 'f' at 0x0
            addrmap { ro a; } f @0; addrmap { wo b; } g @0; | 'g' at 0x0 overlaps 'f' at 0x0
            bridge; addrmap { ro a; } f;              | a bridge
            bridge; addrmap { ro a; } f; rw_t x;      | a bridge
            rw_t x[2] += 3;                           | the elements of 'x' overlap
            rw_t a; rw_t b[72057594037927936];        | but must be from 1
            """)
    void whatDoesNotGoTogetherIsRefused(String body, String expected) {
        assertThat(Rdl.messages(TYPES + "addrmap top { " + body + " };")).anySatisfy(
                message -> assertThat(message).contains(": error: ").contains(expected));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ro a @0; wo b @0;
            wo a @0; ro b @0;
            rw_t a @0; rw_t b @4;
            rw_t a[4] @0 += 8; rw_t b[4] @4 += 8;
            rw_t a[4] @0 += 8; rw_t b[2] @12 += 8;
            rw_t a[4] @0 += 8; rw_t b @4;
            rw_t a[4] @0 += 8; rw_t b @20;
            rw_t a[2] @0 += 16; wide b[2] @8 += 16;
            rw_t x[2] += 4;
            bridge; addrmap { ro a; } f @0; addrmap { rw_t a; } g @0;
            rw_t a @0; alias a rw_t b @4;
            """)
    void whatGoesTogetherIsAccepted(String body) {
        assertThat(Rdl.messages(TYPES + "addrmap top { " + body + " };")).isEmpty();
    }

    @ParameterizedTest(name = "{0}, {1}")
    @CsvSource({"sw = r; hw = w, sw = w; hw = r, true", "sw = w; hw = r, sw = r; hw = w, true", "sw = r; hw = w, sw = w1; hw = r, true",
        "sw = r; hw = w, sw = r; hw = w, false", "sw = w; hw = r, sw = w; hw = r, false", "sw = rw, sw = r; hw = w, false",
        "sw = rw, sw = w; hw = r, false", "sw = w; hw = r, sw = rw, false", "sw = r; hw = w, sw = rw1, false"})
    void fieldsShareBitsOnlyIfOneIsReadAndTheOtherWritten(String first, String second, boolean accepted) {
        String text = "addrmap top { reg { field { " + first + "; } a[3:0]; field { " + second + "; } b[4:3]; } x; };";
        if (accepted) {
            assertThat(Rdl.messages(text)).isEmpty();
        } else {
            assertThat(Rdl.messages(text)).singleElement().asString().contains("field 'b' overlaps field 'a'");
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            field {} a[3:0]; field {} b[4:4]; field {} c[31:31];           | ~
            regwidth = 8; field {} a[7:0] = 255;                           | ~
            regwidth = 8; accesswidth = 8; field {} a[7:7];                | ~
            field {} a[31:0]; field {} b;                                  | field 'b' has bits 32 to 32
            regwidth = 8; field {} a[7:0] = 256;                           | reset value 256 does not fit
            enum e { A; B = 3; }; field { encode = e; } a[1:0];            | ~
            enum e { A; B = 4; }; field { encode = e; } a[1:0];            | entry 'B' of the field's enum is 4
            field { hw = r; next = b; } a; field {} b;                     | 'next' needs a field that hardware can write
            """)
    void fieldsFillARegisterAndNoMore(String body, String expected) {
        if (expected.equals("~")) {
            assertThat(Rdl.messages("addrmap top { reg { " + body + " } x; };")).isEmpty();
        } else {
            assertThat(Rdl.messages("addrmap top { reg { " + body + " } x; };")).singleElement().asString().contains(expected);
        }
    }
}
