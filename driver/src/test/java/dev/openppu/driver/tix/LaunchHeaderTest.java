package dev.openppu.driver.tix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LaunchHeaderTest {
    private static LaunchHeader parse(String text) throws TixException {
        return LaunchHeader.parse("k.tix", text.getBytes(StandardCharsets.UTF_8));
    }

    private static long value(String expression, Map<String, Long> names) throws Exception {
        return parse("//! shared " + expression).sharedBytes().evaluate(names);
    }

    @Test
    void aHeaderSaysHowToLaunch() throws Exception {
        LaunchHeader header = parse("""
                //! kernel matmul
                //! block 16,8
                //! grid ceil(n/16),ceil(m/8)
                //! arg a = in left f4[m,k]
                //! arg p = image gray8[height,width]
                //! arg q = out gray8[height,width]
                //! arg n = n*2
                //! verify c = matmul(left,b)
                .entry matmul() { }
                """);
        assertThat(header.kernel()).contains("matmul");
        Map<String, Long> sizes = Map.of("n", 17L, "m", 8L);
        assertThat(LaunchHeader.extents(header.block(), sizes)).containsExactly(16, 8, 1);
        assertThat(LaunchHeader.extents(header.grid(), sizes)).containsExactly(2, 1, 1);
        assertThat(header.arguments()).hasSize(4);
        assertThat(header.arguments().getFirst()).isInstanceOfSatisfying(LaunchArgument.Array.class, array -> {
            assertThat(array.name()).isEqualTo("left");
            assertThat(array.direction()).isEqualTo(LaunchArgument.Direction.IN);
            assertThat(array.shape().element()).isEqualTo(LaunchArgument.Element.F4);
        });
        assertThat(header.arguments().get(2)).isInstanceOfSatisfying(LaunchArgument.Picture.class,
                picture -> assertThat(picture.direction()).isEqualTo(LaunchArgument.Direction.OUT));
        assertThat(header.verification()).contains(new LaunchHeader.Verification("c", "matmul", List.of("left", "b")));
    }

    @Test
    void aFileWithoutAHeaderHasAnEmptyOne() throws Exception {
        LaunchHeader header = parse(".entry a() { }\n// ordinary comment\n");
        assertThat(header.kernel()).isEmpty();
        assertThat(header.block()).isEmpty();
        assertThat(header.arguments()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"'1+2*3',7", "'(1+2)*3',9", "'7/2',3", "'ceil(7/2)',4", "'ceil((n+1)/4)',3", "'-3+n',6", "'n%4',1", "'min(n,4)',4",
        "'max(n,4)*2',18"})
    void expressionsAreWholeNumbers(String expression, long expected) throws Exception {
        assertThat(value(expression, Map.of("n", 9L))).isEqualTo(expected);
    }

    @Test
    void expressionsWithoutAValueSayWhy() {
        assertThatThrownBy(() -> value("m", Map.of("n", 1L))).isInstanceOf(LaunchExpressionException.class)
                .hasMessage("'m' is not known; known are [n]");
        assertThatThrownBy(() -> value("1/n", Map.of("n", 0L))).isInstanceOf(LaunchExpressionException.class)
                .hasMessageContaining("by zero");
        assertThatThrownBy(() -> value("1%n", Map.of("n", 0L))).isInstanceOf(LaunchExpressionException.class);
        assertThatThrownBy(() -> value("ceil(1/n)", Map.of("n", 0L))).isInstanceOf(LaunchExpressionException.class);
        assertThatThrownBy(() -> value("n*n", Map.of("n", Long.MAX_VALUE))).isInstanceOf(LaunchExpressionException.class)
                .hasMessageContaining("overflow");
    }

    @Test
    void shapesBindNamesAndCheckThem() throws Exception {
        LaunchArgument.Array array = (LaunchArgument.Array) parse("//! arg a = in a f8[m,m*2]").arguments().getFirst();
        Map<String, Long> names = new HashMap<>();
        array.shape().bind(new long[]{3, 6}, names);
        assertThat(names).containsEntry("m", 3L);
        assertThat(array.shape().evaluate(names)).containsExactly(3, 6);
        assertThatThrownBy(() -> array.shape().bind(new long[]{3, 7}, names)).hasMessageContaining("dimension 1");
        assertThatThrownBy(() -> array.shape().bind(new long[]{3}, names)).hasMessageContaining("dimensions");
    }

    @ParameterizedTest
    @ValueSource(strings = {"//! blok 1", "//! block 1,2,3,4", "//! grid", "//! arg a", "//! arg a = in x f2[n]", "//! arg a = in x f4[",
        "//! block 1 2",
        "//! shared foo(1)", "//! shared ceil(1)", "//! arg a = 1\n//! arg a = 2", "//! verify c", "//! shared §",
        "//! shared 99999999999999999999"})
    void mistakesHaveAPlace(String text) {
        TixException failure = catchThrowableOfType(TixException.class, () -> parse(text));
        assertThat(failure.getMessage()).startsWith("k.tix:").contains(": error: ");
    }

    @Test
    void deepNestingIsRefused() {
        assertThat(catchThrowableOfType(TixException.class, () -> parse("//! shared " + "(".repeat(500) + "1" + ")".repeat(400))))
                .isNotNull();
        assertThat(catchThrowableOfType(TixException.class, () -> parse("//! shared " + "-".repeat(900) + "1"))).isNotNull();
    }
}
