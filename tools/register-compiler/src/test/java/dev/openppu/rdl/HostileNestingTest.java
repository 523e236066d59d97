package dev.openppu.rdl;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Depths and sizes that no description needs: answered soon, whatever the answer is. */
@Timeout(60)
class HostileNestingTest {

    private static List<String> reset(String expression) {
        return Rdl.messages("addrmap top { reg { field {} a[7:0] = " + expression + "; } x; };");
    }

    @ParameterizedTest
    @CsvSource({"(, )", "~, ''", "!, ''", "'{', '}'", "'1 + (', ')'", "'1 ? 1 : ', ''", "'8''(', ')'", "'{1{', '}}'"})
    void deepExpressionsAreAnswered(String open, String close) {
        assertThat(reset(open.repeat(100_000) + "1" + close.repeat(100_000))).hasSizeLessThanOrEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"(, ' == 1)'", "'(1 == ', )", "'((', ' == 1) + 0)'", "'(1''(', ' == 1))'", "'((', ' == 1) ? 1 : 0)'", "(, )'(1)",
        "'{', '{1''b1}}'"})
    void nestedComparisonsAndWidthsTakeNoExponentialTime(String open, String close) {
        assertThat(reset(open.repeat(60) + "1" + close.repeat(60))).hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void deepBlocksAndConditionalsAreAnswered() {
        assertThat(Rdl.messages("addrmap top {" + "regfile {".repeat(100_000))).isNotEmpty().hasSizeLessThan(10);
        assertThat(Rdl.messages("`ifdef A\n".repeat(100_000) + "`endif\n".repeat(100_000) + "addrmap top { reg { field {} a; } x; };"))
                .isEmpty();
        assertThat(Rdl.messages("`ifndef A\n".repeat(20_000) + "addrmap top { reg { field {} a; } x; };")).singleElement().asString()
                .contains("no `endif");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {1099511627776{1'b0}}             | the number of replications is 1099511627776
            {65536{16'hffff}}                 | bits wide, but must be from 1 to
            1099511627776'(1)                 | the width is 1099511627776
            999999'h1                         | bits wide, but must be from 1 to
            2 ** (2 ** 40) + 1                | ~
            1 << (1 << 40)                    | ~
            1 >> 18446744073709551615         | ~
            65536'(3) ** 65535 ** 65535 & 7   | ~
            """)
    void giantNumbersAreBounded(String expression, String expected) {
        if (expected.equals("~")) {
            assertThat(reset(expression)).isEmpty();
        } else {
            assertThat(reset(expression)).singleElement().asString().contains(expected);
        }
    }

    @Test
    void arraysOfAnySizeCostNothing() {
        assertThat(Rdl.messages("addrmap top { reg { field {} a; } x[1048576]; reg { field {} a; } y[64][128][128]; };")).isEmpty();
        assertThat(Rdl.messages("addrmap top { reg { field {} a; } x[1099511627776][1099511627776]; };")).hasSize(1);
    }

    @Test
    void manyInstancesAreRead() {
        String instances = IntStream.range(0, 100_000).mapToObj(i -> "t r" + i + ";\n").collect(Collectors.joining());
        assertThat(Rdl.map("reg t { field {} a; }; addrmap top {" + instances + "};").children()).hasSize(100_000);
    }

    @Test
    void manyFieldsAreRead() {
        String fields = IntStream.range(0, 8_192).mapToObj(i -> "field {} f" + i + ";\n").collect(Collectors.joining());
        assertThat(Rdl.messages("addrmap top { reg { regwidth = 8192; " + fields + "} x; };")).isEmpty();
    }
}
