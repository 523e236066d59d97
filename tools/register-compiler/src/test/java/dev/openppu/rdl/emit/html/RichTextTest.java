package dev.openppu.rdl.emit.html;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.rdl.Rdl;
import dev.openppu.rdl.model.Register;
import java.io.IOException;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Descriptions: the standard's formatting tags, line breaks, and nothing that a browser would run. */
class RichTextTest {

    private static final Register NODE = Rdl.register(
            Rdl.top("reg { name = \"A & B\"; field {} f; } node[2][3];"), "node");

    private static String html(String text) throws IOException {
        StringWriter out = new StringWriter();
        RichText.write(text, NODE, new Markup(out));
        return out.toString().replaceFirst("^<div class=desc>", "").replaceFirst("</div>$", "");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"a [b]b[/b] [i]c[/i] [u]d[/u] e | a <b>b</b> <i>c</i> <u>d</u> e",
        "[b]a [i]b[/b] c[/i] | <b>a <i>b</i></b> c[/i]", "[b]never closed | <b>never closed</b>", "[/b]never opened | [/b]never opened",
        "[code]x[0] = [b];[/code] y | <code>x[0] = [b];</code> y",
        "a[br]b[p]c[/p]d[sp]e | a<br>b<span class=par></span>c<span class=par></span>d&nbsp;e",
        "[lb]b[rb]x[quote]y[/quote] | [b]x\"y\"", "[unknown]x[b=3 | [unknown]x[b=3",
        "[list][*]a[*]b [b]c[*]d[/list]e | <ul><li>a<li>b <b>c</b><li>d</ul>e",
        "[list=1][*]a[list=i][*]b[/list][*]c | <ol type=1><li>a<ol type=i><li>b</ol><li>c</ol>",
        "[list=7][*]a | [list=7][*]a", "[url=https://a.b/?c=d&e]f[/url] | <a rel=noreferrer href=\"https://a.b/?c=d&amp;e\">f</a>",
        "[url=javascript:alert(1)]f[/url] | <code>f</code>", "[url]https://a.b/[/url] | <code>https://a.b/</code>",
        "[email]a@b.c[/email] [img]d.png[/img] | <code>a@b.c</code> <code>d.png</code>",
        "[color=Red]a[/color] [color=#12f]b[/color] | <span style=\"color:red\">a</span> <span style=\"color:#12f\">b</span>",
        "[color=red;x:y]a[/color] [size=3]b[/size] | <span>a</span> <span>b</span>",
        "[name] is [instname] at [index] | A &amp; B is node at <span class=index>[0:1][0:2]</span>",
        "<i>a</i> & \"b\" 'c' | &lt;i&gt;a&lt;/i&gt; &amp; &quot;b&quot; &#39;c&#39;",
        "</script><script>x</script> | &lt;/script&gt;&lt;script&gt;x&lt;/script&gt;"})
    void tagsBecomeMarkupAndAllElseIsText(String text, String html) throws IOException {
        assertThat(html(text)).isEqualTo(html);
    }

    @Test
    void breaksOfWrappedLinesAreBlanksAndBreaksOfShortLinesAreKept() throws IOException {
        assertThat(html("""
                This line was wrapped by the editor of whoever wrote it, at
                a column that nobody needs to know.

                    Modes:
                    0 - off
                    1 - on, and this line is so long that it looks as if an editor had wrapped it
                    2 - on and off
                """)).isEqualTo("This line was wrapped by the editor of whoever wrote it, at a column that nobody needs to know."
                + "<span class=par></span>Modes:<br>0 - off<br>1 - on, and this line is so long that it looks as if an editor had wrapped it<br>2 - on and off");
    }

    @ParameterizedTest
    @ValueSource(strings = {"- off", "* off", "0: off", "(1) off", "2) off", "0x1f: off", "0b01 off", "4'hc: off", "Note: off"})
    void itemsOfListsStayOnLinesOfTheirOwn(String item) throws IOException {
        String before = "A line that is as long as the lines of wrapped paragraphs tend to be.";
        assertThat(html(before + "\n  " + item)).contains("<br>");
        assertThat(html(before + "\n  goes on")).doesNotContain("<br>");
    }

    @Test
    void codeOfSeveralLinesKeepsThem() throws IOException {
        assertThat(html("Do\n[code]\n    if (a[0])\n        b<c;\n[/code]\nthen.")).isEqualTo("Do <pre>if (a[0])\n    b&lt;c;</pre> then.");
    }

    @Test
    void controlCharactersBecomeVisible() throws IOException {
        assertThat(html("a\u0000b\u001bc")).isEqualTo("a\ufffdb\ufffdc");
    }

    @Test
    void blankTextsAreNothing() throws IOException {
        assertThat(html(" \n ")).isEmpty();
    }

    @Test
    void summariesAreTheFirstSentenceWithoutTags() {
        assertThat(Summary.of(Rdl.register(Rdl.top("reg { desc = \"The [b]first[/b] of [instname]. More.\"; field {} f; } one;"), "one")))
                .isEqualTo("The first of one.");
        assertThat(Summary.of(Rdl.register(Rdl.top("reg { desc = \"" + "word ".repeat(60) + "\"; field {} f; } one;"), "one"))).hasSize(140)
                .endsWith("word…");
    }
}
