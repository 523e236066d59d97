package dev.openppu.rdl.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.rdl.Rdl;
import dev.openppu.rdl.live.script.Script;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Sequences with known answers: the files of {@code known-answers}. Each has cases of the form
 *
 * <pre>
 * == what is shown
 * the body of an address map "top"
 * --
 * commands, with the answers that the standard wants
 * </pre>
 */
class KnownAnswersTest {

    private static final Path FOLDER = Path.of("src", "test", "resources", "known-answers");

    @TestFactory
    Stream<DynamicTest> registersAnswerAsTheStandardSays() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.sorted().toList().stream().flatMap(file -> cases(file).stream());
        }
    }

    private static List<DynamicTest> cases(Path file) {
        List<DynamicTest> cases = new ArrayList<>();
        List<String> lines = lines(file);
        for (int start = 0; start < lines.size(); start++) {
            if (lines.get(start).startsWith("== ")) {
                int body = start + 1;
                int commands = indexOf("--", lines, body) + 1;
                int end = commands;
                while (end < lines.size() && !lines.get(end).startsWith("== ")) {
                    end++;
                }
                List<String> text = lines.subList(body, commands - 1);
                List<String> script = lines.subList(commands, end);
                cases.add(DynamicTest.dynamicTest(file.getFileName() + ": " + lines.get(start).substring(3),
                        () -> run(file.getFileName() + ", from line " + (commands + 1), text, script)));
            }
        }
        assertThat(cases).as(file.toString()).isNotEmpty();
        return cases;
    }

    private static int indexOf(String line, List<String> lines, int from) {
        int at = from;
        while (!lines.get(at).equals(line)) {
            at++;
        }
        return at;
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void run(String name, List<String> body, List<String> script) {
        LiveRegisters registers = new LiveRegisters(Rdl.top(String.join("\n", body)));
        assertThat(script).anyMatch(line -> line.contains("=>") || line.startsWith("refuse"));
        assertThat(new Script(name, script).run(registers, Script.OnFailure.GO_ON, reply -> {})).isEmpty();
    }
}
