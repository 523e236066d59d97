package dev.openppu.rdl.emit.html;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The colours of both schemes, by the contrast that WCAG 2.2 asks for: 4.5 for text. */
class ContrastTest {

    private static final Pattern COLOUR = Pattern.compile("--(\\w+): #([0-9a-f]{6});");

    private static Map<String, Integer> colours(boolean dark) {
        String style = Page.style();
        int begin = style.indexOf("@media (prefers-color-scheme: dark)");
        String palette = dark ? style.substring(begin, style.indexOf("* {", begin)) : style.substring(0, begin);
        Map<String, Integer> colours = new HashMap<>();
        COLOUR.matcher(palette).results().forEach(match -> colours.put(match.group(1), Integer.parseInt(match.group(2), 16)));
        return colours;
    }

    private static double luminance(int colour) {
        return 0.2126 * linear(colour >> 16) + 0.7152 * linear(colour >> 8 & 0xff) + 0.0722 * linear(colour & 0xff);
    }

    private static double linear(int channel) {
        double value = channel / 255.0;
        return value <= 0.04045 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4);
    }

    @ParameterizedTest
    @CsvSource({"ink, page", "ink, side", "ink, soft", "ink, mark", "ink, rw", "ink, ro", "quiet, page", "quiet, side", "quiet, soft",
        "quiet, mark",
        "accent, page", "accent, side", "accent, soft", "accent, mark", "bad, page", "bad, side"})
    void textIsReadableOnEveryGround(String text, String ground) {
        for (boolean dark : new boolean[]{false, true}) {
            Map<String, Integer> colours = colours(dark);
            double a = luminance(colours.get(text));
            double b = luminance(colours.get(ground));
            assertThat((Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)).as(dark ? "dark" : "light").isGreaterThanOrEqualTo(4.5);
        }
    }
}
