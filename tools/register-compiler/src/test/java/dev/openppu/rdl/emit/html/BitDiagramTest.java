package dev.openppu.rdl.emit.html;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.rdl.Rdl;
import dev.openppu.rdl.model.Register;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Drawings of registers. */
class BitDiagramTest {

    private static String draw(String register) throws IOException {
        Register one = Rdl.register(Rdl.top("reg { " + register + " } one;"), "one");
        RegisterType type = new RegisterType(one);
        type.number(7, one);
        StringWriter out = new StringWriter();
        new BitDiagram(type, new Markup(out)).write();
        return out.toString();
    }

    private static List<String> texts(String drawing) {
        return Pattern.compile("<text(?: class=\"?(?:both|apart)\"?)?(?: transform=\"[^\"]*\"| x=\\d+ y=\\d+)>([^<]*)<").matcher(drawing)
                .results()
                .map(match -> match.group(1)).toList();
    }

    private static long rows(String drawing) {
        return Pattern.compile("<div class=row>").matcher(drawing).results().map(MatchResult::group).count();
    }

    @Test
    void aSmallRegisterIsDrawnAsOneRow() throws IOException {
        assertThat(draw("regwidth = 8; field { sw = r; } high[7:4]; field { onwrite = woclr; } x[0:0];")).isEqualTo("""
                <figure class=bits><div class=row><svg class=h8 viewBox="0 0 200 57"><g class=n><text x=12>7</text><text x=87>4</text>\
                <text x=112>3</text><text x=162>1</text><text x=187>0</text></g>\
                <a class=ro href=#f-7-1><rect x=0 y=14 width=100 height=30 /><text x=50 y=33>high</text>\
                <text class=a x=50 y=54>RO</text></a><rect class=gap x=100 y=14 width=75 height=30 />\
                <a class=rw href=#f-7-0><rect x=175 y=14 width=25 height=30 /><text x=187 y=33>x</text>\
                <text class=a x=187 y=54>W1C</text></a>\
                </svg></div></figure>""");
    }

    @Test
    void namesThatDoNotFitAreBrokenAtUnderscoresAndThenUpright() throws IOException {
        assertThat(BitLabel.fit("go", 25)).isEqualTo(new BitLabel(List.of("go"), false));
        assertThat(BitLabel.fit("walk_level", 50)).isEqualTo(new BitLabel(List.of("walk_", "level"), false));
        assertThat(BitLabel.fit("interrupt", 25)).isEqualTo(new BitLabel(List.of("interrupt"), true));
        assertThat(BitLabel.fit("a_name_that_is_much_too_long", 25).lines()).containsExactly("a_name_that_is_much_t…");
    }

    @Test
    void everyNameOfSixtyFourFlagsIsDrawn() throws IOException {
        StringBuilder fields = new StringBuilder("regwidth = 64; ");
        for (int i = 0; i < 64; i++) {
            fields.append("field {} flag_").append(i).append("[").append(i).append(":").append(i).append("]; ");
        }
        String drawing = draw(fields.toString());
        assertThat(rows(drawing)).isEqualTo(2);
        assertThat(texts(drawing)).hasSize(64).startsWith("flag_63").endsWith("flag_0");
    }

    @Test
    void aFieldOfBothHalvesHasALabelOverBothAndOneInEachForNarrowScreens() throws IOException {
        String drawing = draw("field {} value[23:4];");
        assertThat(drawing).contains("<text class=both x=50 y=33>value</text>", "<text class=apart x=150 y=33>value[11:0]</text>");
    }

    @Test
    void bitsAreNumberedWhereSomethingBeginsOrEnds() throws IOException {
        assertThat(draw("field {} value[23:4];")).contains("<g class=n><text x=12>31</text><text x=187>24</text><text x=212>23</text>"
                + "<text class=apart x=387>16</text></g>", "<g class=n><text class=apart x=12>15</text><text x=287>4</text>");
    }

    @Test
    void aFieldOfTwoRowsSaysInEachWhichOfItsBitsTheseAre() throws IOException {
        assertThat(texts(draw("regwidth = 64; field {} value[63:0];"))).contains("value[63:32]", "value[31:0]");
    }

    @Test
    void rowsInsideAWideFieldAreDrawnOnce() throws IOException {
        String drawing = draw("regwidth = 1024; accesswidth = 32; field {} digest[1023:0];");
        assertThat(rows(drawing)).isEqualTo(2);
        assertThat(drawing).containsOnlyOnce("<div class=more>");
    }

    @Test
    void fieldsThatShareTheirBitsAreDrawnBelowEachOther() throws IOException {
        String drawing = draw("field { sw = r; hw = w; } received[31:0]; field { sw = w; hw = r; } sent[31:0];");
        assertThat(rows(drawing)).isEqualTo(1);
        assertThat(drawing).contains("viewBox=\"0 0 400 100\"").contains(">received<", ">sent<");
    }

    @Test
    void gapsAreHatched() throws IOException {
        assertThat(draw("field {} f[31:8];")).containsOnlyOnce("<rect class=gap x=200 y=14 width=200 height=30 />");
    }
}
