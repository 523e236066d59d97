package dev.openppu.rdl.live.script;

import dev.openppu.rdl.live.LiveRegisters;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A sequence of commands, such as a test with known answers.
 *
 * @param name  what messages call it
 * @param lines its lines
 */
public record Script(String name, List<String> lines) {

    public Script {
        lines = List.copyOf(lines);
    }

    /** The script {@code text}. */
    public static Script of(String name, String text) {
        return new Script(name, text.lines().toList());
    }

    /**
     * One line that went wrong.
     *
     * @param script  the script's name
     * @param line    its number, from 1
     * @param text    the line
     * @param problem what is wrong
     */
    public record Failure(String script, int line, String text, String problem) {

        @Override
        public String toString() {
            return script + ":" + line + ": " + problem + "\n    " + text.strip();
        }
    }

    /** What to do at a line that goes wrong. */
    public enum OnFailure {
        STOP, GO_ON
    }

    /**
     * Runs the script on registers that nobody else uses meanwhile.
     *
     * @param replies takes replies and events, a line each
     * @return the lines that went wrong; empty if none did
     */
    public List<Failure> run(LiveRegisters registers, OnFailure onFailure, Consumer<String> replies) {
        Interpreter interpreter = new Interpreter(ScriptPort.direct(registers), registers.locator(), replies);
        registers.onInterrupts(interpreter::interruptChanged);
        return run(interpreter, onFailure, replies);
    }

    /** Runs the script by an interpreter; otherwise as {@link #run(LiveRegisters, OnFailure, Consumer)}. */
    public List<Failure> run(Interpreter interpreter, OnFailure onFailure, Consumer<String> replies) {
        List<Failure> failures = new ArrayList<>();
        for (int i = 0; i < lines.size() && (failures.isEmpty() || onFailure == OnFailure.GO_ON); i++) {
            try {
                String reply = interpreter.execute(lines.get(i));
                if (!reply.isEmpty()) {
                    replies.accept(reply);
                }
            } catch (ScriptException e) {
                failures.add(new Failure(name, i + 1, lines.get(i), String.valueOf(e.getMessage())));
            }
        }
        return failures;
    }
}
