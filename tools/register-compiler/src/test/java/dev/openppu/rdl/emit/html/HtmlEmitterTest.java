package dev.openppu.rdl.emit.html;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.rdl.Rdl;
import dev.openppu.rdl.model.AddressMap;
import dev.openppu.rdl.model.ArrayShape;
import dev.openppu.rdl.model.Placement;
import dev.openppu.rdl.model.Properties;
import dev.openppu.rdl.model.Register;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The document as text: what it holds, that it stands alone, and that no description gets out of its place. */
class HtmlEmitterTest {

    private static final Pattern TAG = Pattern.compile("<(/?)([a-z][a-z0-9]*)((?:\"[^\"]*\"|[^\">])*)>");
    private static final Set<String> NEVER_CLOSED = Set.of("meta", "input", "br", "wbr", "li", "td", "th", "tr", "dt", "dd");

    private static String body(String document) {
        return document.substring(document.indexOf("<body>"), document.indexOf("<script type=\"application/json\""));
    }

    @Test
    void everyElementThatIsOpenedIsClosedInOrder() {
        Deque<String> open = new ArrayDeque<>();
        Matcher tag = TAG.matcher(body(Reference.of(Reference.hardMap())).replace("<body>", ""));
        while (tag.find()) {
            String name = tag.group(2);
            if (tag.group(3).endsWith("/") || NEVER_CLOSED.contains(name)) {
                continue;
            }
            if (tag.group(1).isEmpty()) {
                open.push(name);
            } else {
                assertThat(open.pop()).as("what </%s> closes, at %d", name, tag.start()).isEqualTo(name);
            }
        }
        assertThat(open).isEmpty();
    }

    @Test
    void anchorsAreUniqueAndEveryInnerLinkHasOne() {
        String document = body(Reference.of(Reference.hardMap()));
        List<String> ids = Pattern.compile(" id=\"?([^\" >]+)").matcher(document).results().map(match -> match.group(1)).toList();
        assertThat(ids).doesNotHaveDuplicates().contains("b-0", "r-0", "f-0-0");
        List<String> links = Pattern.compile("href=\"?#([bref]-[0-9-]+)").matcher(document).results().map(match -> match.group(1)).toList();
        assertThat(links).isNotEmpty().isSubsetOf(ids);
    }

    @Test
    void nothingIsLoadedFromElsewhere() {
        String document = Reference.of(Reference.hardMap());
        assertThat(document).doesNotContainPattern("(?i)<link|<iframe|<object|<base|@import|\\ssrc=\"|<img");
        assertThat(document).contains("default-src 'none'");
    }

    @Test
    void onlyTheDocumentsOwnScriptMayRun() throws Exception {
        String document = Reference.of(Reference.hardMap());
        List<String> scripts = Pattern.compile("<script>(.*?)</script>", Pattern.DOTALL).matcher(document).results()
                .map(match -> match.group(1))
                .toList();
        assertThat(scripts).hasSize(1);
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(scripts.getFirst().getBytes(StandardCharsets.UTF_8));
        assertThat(document).contains("script-src 'sha256-" + Base64.getEncoder().encodeToString(hash) + "'");
    }

    @Test
    void hostileTextsStayText() {
        String document = Reference.of(Reference.hardMap());
        assertThat(document).doesNotContain("owned'</script>", "<script>x", "<b>Unbold", "javascript:", "url(//x)");
        assertThat(document).contains("&lt;script&gt;document.title = &#39;owned&#39;&lt;/script&gt;");
    }

    @Test
    void namesCannotEndTheData() {
        Register inner = Rdl.register(Rdl.top("reg { field {} f; } x;"), "x");
        Placement hostile = new Placement("</script><!--<b>'\"", "t", 0, ArrayShape.SINGLE, false, null);
        Register register = new Register(hostile, inner.properties(), inner.fields(), List.of());
        String document = Reference.of(new AddressMap(hostile, Properties.NONE, List.of(register), 4));
        assertThat(document).doesNotContain("<!--").contains("\\u003C/script\\u003E");
    }

    @Test
    void everyFieldIsThereWithoutAScript() {
        String body = body(Reference.of(Reference.hardMap()));
        assertThat(body).contains("<td>1:0<th>mode<td>RW<td>rw<td>0x1<td>", "<td>0x5a<td>",
                "Cause 63.",
                "<dt>0x2<dd><b>FAST</b> Full speed", "<code>0x1000</code> hard.channels[3][1000]",
                "written by software only while enabled by hardware",
                "interrupt, while its input is 1", "data-up=2 data-to=\"target.sink\"");
    }

    @Test
    void whatHasTheSameContentsIsDescribedOnce() {
        String document = Reference.of(Rdl.map("""
                reg word { field {} value[31:0] = 0; };
                regfile pair { word a; word b; };
                addrmap top { pair p[1000]; pair q; reg { field {} value[31:0] = 0; } same; reg { field {} value[31:0] = 1; } other; };
                """));
        assertThat(Pattern.compile("<section class=(\\w+)").matcher(document).results().map(match -> match.group(1))
                .collect(Collectors.groupingBy(kind -> kind, Collectors.counting()))).isEqualTo(Map.of("block", 2L, "reg", 2L));
    }

    @Test
    void theDataTellsWhereEverythingStands() {
        String document = Reference.of(Rdl.map(
                "regfile u { reg { field {} f; } x @8; }; addrmap top { u a[2][3] @0x10 += 0x20; external mem { mementries = 16; memwidth = 64; } m @0x1000; };"));
        String data = document.substring(document.indexOf("id=\"data\">") + 10);
        assertThat(data.substring(0, data.indexOf("</script>"))).isEqualTo("""
                {"name":"top","base":"0","blocks":[\
                {"size":"1080","members":[["a","b-1","10",[2,3],"20"],["m","b-2","1000"]]},\
                {"size":"c","members":[["x","r-0","8"]]},\
                {"size":"80","entries":[16,"8"],"members":[]}]}""");
    }

    @Test
    void aMapOfMillionsOfElementsIsSmall() {
        assertThat(Reference.of("regfile u { reg { field {} f; } x[1000]; }; addrmap top { u a[1000][1000]; };").length())
                .isLessThan(100_000);
    }
}
