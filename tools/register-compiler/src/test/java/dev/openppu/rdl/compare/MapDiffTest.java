package dev.openppu.rdl.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.rdl.Rdl;
import dev.openppu.rdl.emit.RandomDescription;
import dev.openppu.rdl.model.AddressMap;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What changed for a driver. */
class MapDiffTest {

    private static List<String> changes(String before, String after) {
        return MapDiff.between(top(before), top(after)).stream()
                .map(change -> (change.breaking() ? "BREAKS " : "") + change.path() + ": " + change.describe()).toList();
    }

    private static AddressMap top(String body) {
        return Rdl.map("property rank { type = longint unsigned; component = all; }; addrmap top { " + body + " };");
    }

    /** The body of one field, before and after, and the only change. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = """
            reset = 1;                | reset = 2;              | BREAKS top.x.f: reset changed from 0x1 to 0x2
                                      | reset = 2;              | top.x.f: reset changed from none to 0x2
            reset = 2;                |                         | BREAKS top.x.f: reset changed from 0x2 to none
            sw = rw;                  | sw = r;                 | BREAKS top.x.f: sw changed from rw to r
            sw = r;                   | sw = rw;                | top.x.f: sw changed from r to rw
            sw = rw;                  | sw = rw1;               | BREAKS top.x.f: sw changed from rw to rw1
            sw = rw1;                 | sw = rw;                | top.x.f: sw changed from rw1 to rw
            hw = r;                   | hw = rw;                | BREAKS top.x.f: hw changed from r to rw
            hw = rw;                  | hw = r;                 | top.x.f: hw changed from rw to r
                                      | rclr;                   | BREAKS top.x.f: onread changed from none to rclr
            woclr;                    | onwrite = wot;          | BREAKS top.x.f: onwrite changed from woclr to wot
            desc = "a";               | desc = "b";             | top.x.f: desc changed
                                      | name = "F";             | top.x.f: name changed
            encode = e1;              | encode = e2;            | BREAKS top.x.f: value B changed from 1 to 2
            encode = e1;              | encode = e3;            | top.x.f: value C = 2 added
            encode = e3;              | encode = e1;            | BREAKS top.x.f: value C = 2 removed
            encode = e1;              | encode = e4;            | top.x.f: B's desc changed
                                      | intr;                   | BREAKS top.x.f: intr changed from not given to true
            rank = 1;                 | rank = 2;               | top.x.f: rank changed from 1 to 2
                                      | swwe = y.f;             | BREAKS top.x.f: swwe changed from not given to y.f
            """)
    void aFieldChanges(@Nullable String before, @Nullable String after, String expected) {
        assertThat(changes(field(before), field(after))).containsExactly(expected);
    }

    private static String field(@Nullable String assignments) {
        return "enum e1 { A = 0; B = 1; }; enum e2 { A = 0; B = 2; }; enum e3 { A = 0; B = 1; C = 2; }; enum e4 { A = 0; B = 1 { desc = \"b\"; }; };"
                + "default hw = r; reg { field { " + Objects.requireNonNullElse(assignments, "") + " } f[3:0]; } x; reg { field {} f; } y;";
    }

    /** A body, before and after, and the only change. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            reg { field {} f; } x;            | reg { field {} f; } x; reg { field {} f; } y; | top.y: register added at 0x4
            reg { field {} f; } x @0x10;      | reg { field {} f; } x @0x14;                  | BREAKS top.x: moved from 0x10 to 0x14
            reg { field {} f; } x;            | reg { field {} f; } y;                        | BREAKS top.x: renamed to y
            reg { field {} f; field {} g; } x; | reg { field {} f; } x;                       | BREAKS top.x.g: field removed from bit 1
            reg { field {} f; } x;            | reg { field {} f; field {} g; } x;            | top.x.g: field added at bit 1
            reg { field {} f; } x;            | reg { field {} h; } x;                        | BREAKS top.x.f: renamed to h
            reg { field {} f[3:0]; } x;       | reg { field {} f[4:0]; } x;                   | BREAKS top.x.f: bits changed from [3:0] to [4:0]
            reg { field {} f; } x[4];         | reg { field {} f; } x[8];                     | top.x[*]: array changed from [4] every 0x4 bytes to [8] every 0x4 bytes
            reg { field {} f; } x[8];         | reg { field {} f; } x[4];                     | BREAKS top.x[*]: array changed from [8] every 0x4 bytes to [4] every 0x4 bytes
            reg { field {} f; } x[2][4];      | reg { field {} f; } x[2][5];                  | BREAKS top.x[*][*]: array changed from [2, 4] every 0x4 bytes to [2, 5] every 0x4 bytes
            reg { field {} f; } x;            | reg { field {} f; } x[2];                     | BREAKS top.x: array changed from a single instance to [2] every 0x4 bytes
            reg { regwidth = 64; field {} f; } x; | reg { regwidth = 64; accesswidth = 32; field {} f; } x; | BREAKS top.x: accesswidth changed from 64 to 32
            external mem { mementries = 4; } m; | external mem { mementries = 8; } m;         | top.m: mementries changed from 4 to 8
            external mem { mementries = 8; } m; | external mem { mementries = 4; } m;         | BREAKS top.m: mementries changed from 8 to 4
            reg t { field {} f; }; t x;       | reg { field {} f; } x;                        |
            regfile { reg { field {} f; } x; } b; | addrmap { reg { field {} f; } x; } b;     |
            """)
    void aBlockChanges(String before, String after, @Nullable String expected) {
        assertThat(changes(before, after)).isEqualTo(expected == null ? List.of() : List.of(expected));
    }

    @Test
    void aBlockThatMovesIsOneChange() {
        String block = "regfile { reg { field {} f; } x; reg { field {} f; } y; } b[4] @";
        assertThat(changes(block + "0x100;", block + "0x200;")).containsExactly("BREAKS top.b[*]: moved from 0x100 to 0x200");
    }

    @Test
    void aRegisterThatBecomesABlockIsGone() {
        assertThat(changes("reg { field {} f; } x;", "regfile { reg { field {} f; } x; } x;")).containsExactly(
                "BREAKS top.x: register removed from 0x0", "top.x: block added at 0x0");
    }

    @Test
    void changeInAMillionElementsIsOneChange() {
        assertThat(changes("regfile { reg { field {} f; } x[1000]; } b[1000];",
                "regfile { reg { field { sw = r; hw = w; } f; } x[1000]; } b[1000];"))
                .containsExactly("BREAKS top.b[*].x[*].f: sw changed from rw to r", "top.b[*].x[*].f: hw changed from rw to w");
    }

    @Test
    void addressesOfWhatMovedAreAbsolute() {
        assertThat(changes("regfile { reg { field {} f; } x; reg { field {} f; } y @4; } b @0x100;",
                "regfile { reg { field {} f; } x; reg { field {} f; } y @8; } b @0x100;"))
                .containsExactly("BREAKS top.b.y: moved from 0x104 to 0x108");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void aMapDoesNotDifferFromItself(long seed) {
        assertThat(MapDiff.between(Rdl.map(RandomDescription.of(seed)), Rdl.map(RandomDescription.of(seed)))).isEmpty();
    }
}
