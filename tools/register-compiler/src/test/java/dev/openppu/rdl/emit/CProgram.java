package dev.openppu.rdl.emit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.openppu.rdl.emit.c.CHeaderEmitter;
import dev.openppu.rdl.model.AddressMap;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The C header of a map, compiled with every warning an error, and what a program that includes it prints. */
public final class CProgram {

    private static final Pattern NUMBER = Pattern.compile("(?m)^(?:#define (\\w+) \\S.*|    (\\w+) = \\d+,)$");

    private final Path folder;
    private final String header;

    /** Emits the header of {@code map} into {@code folder}. The test is skipped where there is no C compiler. */
    public CProgram(Path folder, AddressMap map) throws IOException {
        assumeTrue(has("gcc") && has("g++"), "no gcc or g++ on this machine");
        this.folder = folder;
        header = header(map);
        Files.writeString(folder.resolve("map.h"), header);
    }

    private static boolean has(String program) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":", -1))
                .anyMatch(each -> Files.isExecutable(Path.of(each, program)));
    }

    /** The text of the header. */
    public static String header(AddressMap map) throws IOException {
        StringWriter text = new StringWriter();
        new CHeaderEmitter().emit(map, text);
        return text.toString();
    }

    /** Compiles the header alone, as C11 and as C++17. */
    public void compileAlone() throws IOException {
        Files.writeString(folder.resolve("alone.c"), "#include \"map.h\"\n#include \"map.h\"\nint nothing;\n");
        run("gcc", "-std=c11", "-Wall", "-Wextra", "-Werror", "-pedantic", "-fsyntax-only", "alone.c");
        run("g++", "-std=c++17", "-Wall", "-Wextra", "-Werror", "-pedantic", "-fsyntax-only", "-x", "c++", "alone.c");
    }

    /** Every number that the header defines. */
    public Map<String, BigInteger> numbers() throws IOException {
        List<String> names = new ArrayList<>();
        for (Matcher matcher = NUMBER.matcher(header); matcher.find();) {
            names.add(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
        }
        return evaluate(names);
    }

    /** The values of expressions, in C. */
    public Map<String, BigInteger> evaluate(List<String> expressions) throws IOException {
        StringBuilder program = new StringBuilder("#include \"map.h\"\n#include <stdio.h>\nint main(void) {\n");
        expressions.forEach(each -> program.append("printf(\"%llu\\n\", (unsigned long long) (").append(each).append("));\n"));
        Files.writeString(folder.resolve("print.c"), program.append("return 0;\n}\n"));
        run("gcc", "-std=c11", "-Wall", "-Wextra", "-Werror", "-pedantic", "-O0", "-o", "print", "print.c");
        List<String> lines = run(folder.resolve("print").toString()).lines().toList();
        Map<String, BigInteger> values = new LinkedHashMap<>();
        for (int i = 0; i < expressions.size(); i++) {
            values.put(expressions.get(i), new BigInteger(lines.get(i)));
        }
        return values;
    }

    private String run(String... command) throws IOException {
        Path output = folder.resolve("output.txt");
        Process process = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).redirectOutput(output.toFile())
                .start();
        int status = process.onExit().join().exitValue();
        String text = Files.readString(output, StandardCharsets.UTF_8);
        assertThat(status).as(Stream.of(command).toList() + "\n" + text).isZero();
        return text;
    }
}
