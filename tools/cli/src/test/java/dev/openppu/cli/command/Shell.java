package dev.openppu.cli.command;

import dev.openppu.cli.console.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One command run in this process, and what it printed. */
public record Shell(int status, String out, String err) {

    /** Runs {@code ppu} with these arguments. */
    public static Shell run(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(stream(out), stream(err), false, false, true);
        int status = TopCommand.commandLine(terminal, arguments).execute(arguments);
        return new Shell(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** What {@code text} holds. */
    public static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text);
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }
}
