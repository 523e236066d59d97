package dev.openppu.rdl;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules for registers, aliases, memories, signals and blocks: what breaks one is refused, what comes close to it is not. */
class BlockRulesTest {

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            reg { accesswidth = 64; field {} a; } x;                                     | accesswidth is 64, which is more than the register's width of 32
            reg { regwidth = 16; accesswidth = 32; field {} a; } x;                      | accesswidth is 32, which is more than the register's width of 16
            reg { errextbus; field {} a; } x;                                            | 'errextbus' needs an external reg
            alignment = 6; reg { field {} a; } x;                                        | alignment is 6, but must be a power of two
            alignment = 16; reg { field {} a; } x @8;                                    | 'x' at 0x8 does not stand at a multiple of 16 bytes
            alignment = 16; regfile { reg { field {} a; } x @4; } f @16;                 | 'x' at 0x4 does not stand at a multiple of 16 bytes
            reg p { field {} a; }; p x; alias x p y; alias y p z;                        | an alias cannot stand for another alias
            reg p { field {} a; }; reg q { regwidth = 16; field {} a; }; p x; alias x q y; | the alias has 16 bits, but 'x' has 32
            reg p { field {} a; }; p x; external alias x p y;                            | are both external or both internal
            reg p { field {} a; }; p x[2]; alias x p y;                                  | the alias of an array is an array of as many elements
            reg p { field {} a; }; reg q { field {} a[2]; }; p x; alias x q y;           | field 'a' of the alias does not have the bits that it has in 'x'
            reg p { field {} a[3:0]; }; reg q { field {} a[4:1]; }; p x; alias x q y;    | field 'a' of the alias does not have the bits that it has in 'x'
            reg p { field {} a; }; reg q { field { hw = r; } a; }; p x; alias x q y;     | 'hw' of field 'a' differs between the alias and 'x'
            reg p { field {} a = 1; }; reg q { field {} a = 0; }; p x; alias x q y;      | 'reset' of field 'a' differs between the alias and 'x'
            reg p { field {} a; }; p x; alias x p y; x->ispresent = false;               | 'x' is not present (ispresent = false)
            mem { memwidth = 16; mementries = 8; reg { field {} a; } x; } m;             | virtual register 'x' has 32 bits, but an entry of the memory only 16
            mem { memwidth = 20; mementries = 8; reg { field {} a[21:0]; } x; } m;       | field 'a' of virtual register 'x' has bits up to 21, but the memory only 19 to 0
            mem { memwidth = 20; mementries = 8; reg { field {} a[20:0]; } x; } m;       | field 'a' of virtual register 'x' has bits up to 20, but the memory only 19 to 0
            mem { memwidth = 1048577; mementries = 8; } m;                               | memwidth is 1048577, but must be from 1 to 1048576
            mem { memwidth = 0; mementries = 8; } m;                                     | memwidth is 0, but must be from 1 to
            internal mem { memwidth = 8; mementries = 8; } m;                            | a mem is always external
            addrmap { reg { field {} a; } x; } internal inner;                           | a addrmap is always external
            reg { external field {} a; } x;                                              | a field is neither external nor internal
            signal { cpuif_reset; activelow; } s, t; reg { field {} a; } x;              | there is a cpuif_reset signal here already
            signal { field_reset; activelow; } s; signal { field_reset; activelow; } t; reg { field {} a; } x; | there is a field_reset signal here already
            signal { field_reset; activelow; } s[2]; reg { field {} a; } x;              | a field_reset signal has one bit, but 's' has 2
            signal { sync; async; } s; reg { field {} a; } x;                            | exclude each other
            signal { signalwidth = 4; } s[2]; reg { field {} a; } x;                     | signal 's' is 2 bits wide here, but its signalwidth is 4
            reg { reg { field {} b; } y; field {} a; } x;                                | a reg cannot be defined in a reg
            regfile { mem { memwidth = 8; mementries = 8; } m; reg { field {} a; } x; } f; | a mem cannot be defined in a regfile
            reg { field { field {} g; } a; } x;                                          | a field cannot be defined in a field
            mem { memwidth = 8; mementries = 8; addrmap t { reg { field {} a; } x; }; } m; | a addrmap cannot be defined in a mem
            """)
    void whatBreaksARuleIsRefused(String body, String expected) {
        assertThat(Rdl.messages("addrmap top { " + body + " };")).anySatisfy(message -> assertThat(message).startsWith("test.rdl:1:")
                .contains(": error: ").contains(expected)).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            reg { regwidth = 64; accesswidth = 8; field { sw = r; } a[63:0] = 0; } x;
            external reg { errextbus; field {} a; } x;
            external regfile { reg { errextbus; field {} a; } x; } f;
            alignment = 8; reg { field {} a; } x @8; reg { field {} a; } y;
            alignment = 16; addrmap { reg { field {} a; } x @4; } inner @16;
            alignment = 16; regfile { alignment = 4; reg { field {} a; } x @4; } f @16;
            reg p { field {} a; field {} b; }; reg q { field { sw = r; rclr; name = "n"; } a; }; p x; alias x q y;
            reg p { field {} a = 1; }; reg q { field {} a; }; p x; alias x q y;
            reg p { field {} a; }; external p x; alias x p y;
            reg p { field {} a; }; external p x; external alias x p y;
            reg p { field {} a; }; p x[2]; alias x p y[2];
            mem { memwidth = 20; mementries = 8; reg { field {} a[19:0]; } x[8]; } m;
            external mem { memwidth = 8; mementries = 8; } m;
            external mem { memwidth = 1; mementries = 1; } m;
            external mem { memwidth = 1048576; mementries = 1; } m;
            signal { cpuif_reset; activelow; } s; signal { field_reset; activehigh; } t; reg { field {} a; } x;
            signal { field_reset; activelow; } s; regfile { signal { field_reset; activelow; } s; reg { field {} a; } x; } f;
            regfile { reg t { field f_t {}; f_t a; }; signal {} s; t x; } f;
            """)
    void whatKeepsThemIsAccepted(String body) {
        assertThat(Rdl.messages("addrmap top { " + body + " };")).isEmpty();
    }
}
