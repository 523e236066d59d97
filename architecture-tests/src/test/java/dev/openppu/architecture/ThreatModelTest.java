package dev.openppu.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code docs/threat-model.md} names a test for each claim: every one of them is a test method. */
class ThreatModelTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final Pattern NAMED = Pattern.compile("`([A-Z]\\w*Test)\\.(\\w+)`");
    private static final Pattern CLAIM = Pattern.compile("(?m)^\\| (?!it tries|---).+$");
    private static final Pattern TEST = Pattern.compile("@(Test|ParameterizedTest|RepeatedTest|TestFactory)\\b");
    private static final Set<String> NOT_OURS = Set.of("target", ".git", "node_modules");

    @Test
    void everyClaimNamesATest() throws IOException {
        List<String> without = CLAIM.matcher(document()).results().map(r -> r.group()).filter(line -> !NAMED.matcher(line).find()).toList();
        assertThat(without).isEmpty();
    }

    @Test
    void everyTestThatIsNamedIsThere() throws IOException {
        Map<String, String> sources = testSources();
        Matcher named = NAMED.matcher(document());
        int count = 0;
        while (named.find()) {
            assertThat(sources).as(named.group()).containsKey(named.group(1));
            assertThat(isTest(sources.getOrDefault(named.group(1), ""), named.group(2))).as(named.group()).isTrue();
            count++;
        }
        assertThat(count).isGreaterThan(40);
    }

    @Test
    void whatIsNoTestIsNotTakenForOne() {
        assertThat(isTest("\n\n    @Test\n    void itIs() {", "itIs")).isTrue();
        assertThat(isTest("\n\n    @ParameterizedTest(name = \"{0}\")\n    @ValueSource(ints = 1)\n    void itIs(int i) {", "itIs"))
                .isTrue();
        assertThat(isTest("\n\n    @Test\n    void itIs() {}\n\n    private static void another() {", "another")).isFalse();
        assertThat(isTest("\n\n    @Test\n    void itIs() {}", "it")).isFalse();
    }

    /** Whether the source has a method of that name with an annotation that makes it a test, somewhere since the last empty line. */
    private static boolean isTest(String source, String name) {
        int at = source.indexOf(" " + name + "(");
        return at >= 0 && TEST.matcher(source.substring(Math.max(0, source.lastIndexOf("\n\n", at)), at)).find();
    }

    private static String document() throws IOException {
        return Files.readString(ROOT.resolve("docs/threat-model.md"));
    }

    private static Map<String, String> testSources() throws IOException {
        Map<String, String> sources = new HashMap<>();
        Files.walkFileTree(ROOT, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                return NOT_OURS.contains(folder.getFileName().toString()) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                String name = file.getFileName().toString();
                if (name.endsWith("Test.java")) {
                    sources.merge(name.substring(0, name.length() - ".java".length()), read(file), String::concat);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return sources;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
