package dev.openppu.hal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LinkUriTest {
    @Test
    void schemeTargetAndOptionsAreTakenApart() {
        LinkUri uri = LinkUri.parse("model:zw810e?clock=sim&seed=7");
        assertThat(uri.scheme()).isEqualTo("model");
        assertThat(uri.target()).isEqualTo("zw810e");
        assertThat(uri.options()).containsExactly(Map.entry("clock", "sim"), Map.entry("seed", "7"));
    }

    @Test
    void targetAndOptionsMayBeMissing() {
        assertThat(LinkUri.parse("vfio:")).isEqualTo(new LinkUri("vfio", "", Map.of()));
        assertThat(LinkUri.parse("vfio:0000:01:00.0").target()).isEqualTo("0000:01:00.0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "model", "zw810e?clock=sim", ":zw810e", "Model:x", "1model:x", "mo del:x", "model:x?", "model:x?seed",
        "model:x?=7", "model:x?seed=7&",
        "model:x?seed=7&seed=8", "model:x?Seed=7", "model:x?a b=7", "model:x?f=%zz", "model:x?f=%", "model:x#y"})
    void whatIsNoLinkUriIsRefusedWithAReason(String text) {
        assertThatThrownBy(() -> LinkUri.parse(text)).isInstanceOf(LinkException.class).hasMessageContaining("link URI");
    }

    @ParameterizedTest
    @CsvSource({"model:zw810e", "model:zw810e?clock=sim&seed=7", "model:x?trace=/tmp/a%20b%26c", "vfio:0000:01:00.0", "model:x?a=1%2B2"})
    void whatIsWrittenIsReadBack(String text) {
        LinkUri uri = LinkUri.parse(text);
        assertThat(LinkUri.parse(uri.toString())).isEqualTo(uri);
    }

    @Test
    void valuesMayBePercentEncodedAndPlusIsItself() {
        assertThat(LinkUri.parse("model:x?trace=a%26b+c").option("trace")).hasValue("a&b+c");
    }

    @Test
    void anUnknownOptionIsToldTogetherWithThoseThereAre() {
        assertThatThrownBy(() -> LinkUri.parse("model:x?sede=7").demandOptions(List.of("seed", "clock"))).isInstanceOf(LinkException.class)
                .hasMessageContaining("sede").hasMessageContaining("clock, seed");
        assertThatThrownBy(() -> LinkUri.parse("model:x?a=7").demandOptions(List.of())).hasMessageContaining("none");
    }

    @Test
    void numbersAreDecimalOrHexadecimal() {
        LinkUri uri = LinkUri.parse("model:x?a=12&b=0x1f&c=many");
        assertThat(uri.number("a")).hasValue(12);
        assertThat(uri.number("b")).hasValue(31);
        assertThat(uri.number("d")).isEmpty();
        assertThatThrownBy(() -> uri.number("c")).isInstanceOf(LinkException.class).hasMessageContaining("c=many");
    }

    @Test
    void anUnknownSchemeIsToldTogetherWithThoseThereAre() {
        assertThatThrownBy(() -> Links.open("warp:9")).isInstanceOf(LinkException.class).hasMessageContaining("warp")
                .hasMessageContaining("there are");
    }

    @Test
    void aFactorIsAPositiveNumberAndOneByDefault() {
        assertThat(LinkUri.parse("model:x?timescale=2.5").factor("timescale")).isEqualTo(2.5);
        assertThat(LinkUri.parse("model:x").factor("timescale")).isEqualTo(1);
        for (String bad : new String[]{"0", "-1", "NaN", "Infinity", "much", ""}) {
            assertThatThrownBy(() -> LinkUri.parse("model:x?timescale=" + bad).factor("timescale")).isInstanceOf(LinkException.class)
                    .hasMessageContaining("timescale=" + bad + " is not a positive number");
        }
    }
}
