package dev.openppu.rdl.emit.html;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * The reference in Chromium: {@code scenario.js} uses it as a reader does, in a frame beside it, so that the document under test is the
 * one that is emitted. Skipped where there is no Chromium.
 */
class BrowserTest {

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;
    private Chromium chromium;

    @BeforeEach
    void open() throws IOException {
        Path program = Chromium.find().orElse(null);
        assumeTrue(program != null, "there is no chromium on the PATH: the HTML reference is not tried in a browser");
        chromium = new Chromium(program, folder);
        Files.writeString(folder.resolve("reference.html"), Reference.of(Reference.hardMap()));
        for (String name : List.of("scenario.html", "scenario.js")) {
            try (InputStream in = Objects.requireNonNull(BrowserTest.class.getResourceAsStream(name), name)) {
                Files.copy(in, folder.resolve(name));
            }
        }
    }

    private String url(String name) {
        return folder.resolve(name).toUri().toString();
    }

    @TestFactory
    Stream<DynamicTest> whatAReaderDoesWorks() throws IOException, InterruptedException {
        Chromium.Output output = chromium.run("--window-size=1280,900", "--virtual-time-budget=120000", "--dump-dom", url("scenario.html"));
        int begin = output.out().indexOf("<pre id=\"report\">") + "<pre id=\"report\">".length();
        List<String> lines = output.out().substring(begin, output.out().indexOf("</pre>")).lines().toList();
        assertThat(lines).as("the report; the browser said: %s", output.err()).isNotEmpty().last().isEqualTo("finished");
        Stream<DynamicTest> behaviours = lines.subList(0, lines.size() - 1).stream().map(line -> line.split("\t", -1))
                .map(parts -> DynamicTest.dynamicTest(parts[1],
                        () -> assertThat(parts[0]).as(String.join(": ", parts)).isEqualTo("passed")));
        return Stream.concat(behaviours,
                Stream.of(DynamicTest.dynamicTest("nothing is complained about", () -> assertThat(output.complaints()).isEmpty())));
    }

    @Test
    void onPaperEveryRegisterIsThere() throws IOException, InterruptedException {
        Path pdf = folder.resolve("reference.pdf");
        chromium.run("--no-pdf-header-footer", "--print-to-pdf=" + pdf, url("reference.html") + "#hard.identity");
        String text = Files.readString(pdf, StandardCharsets.ISO_8859_1);
        String document = Files.readString(folder.resolve("reference.html"));
        long blocks = Pattern.compile("<section class=block").matcher(document).results().count();
        assertThat(Pattern.compile("/Type /Page\\b").matcher(text).results().count()).isGreaterThan(blocks);
        List<String> anchors = Pattern.compile("<noscript id=\"(r-\\d+)\"").matcher(document).results()
                .map(match -> match.group(1)).toList();
        assertThat(anchors).hasSizeGreaterThan(8).allSatisfy(anchor -> assertThat(text).containsPattern("/" + anchor + " \\["));
    }
}
