package dev.openppu.rdl.preprocess;

import dev.openppu.rdl.source.Diagnostics;
import dev.openppu.rdl.source.SourceFile;
import dev.openppu.rdl.source.SourceText;
import dev.openppu.rdl.source.Warning;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The preprocessor of the standard's chapter 16: {@code `include}, {@code `define} with and without arguments, {@code `undef},
 * {@code `ifdef}, {@code `ifndef}, {@code `elsif}, {@code `else}, {@code `endif}. Comments and strings are left as they are.
 * Embedded Perl is refused. Definitions carry over from file to file. Not safe for several threads.
 */
public final class Preprocessor {

    private static final int DEEPEST_INCLUDE = 64;
    private static final int MOST_INCLUSIONS = 100_000;
    private static final int LARGEST_TEXT = 1 << 28;

    private final Includes includes;
    private final Diagnostics diagnostics;
    private final Macros macros = new Macros();
    private final SourceText.Builder out = new SourceText.Builder();
    private int depth;
    private int inclusions;

    /** Thrown where going on would do harm, after the reason was reported. */
    private static final class Hopeless extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Hopeless() {
            super(null, null, false, false);
        }
    }

    /**
     * @param includes    finds files
     * @param diagnostics where to say what is wrong
     * @param definitions macros without arguments that are defined from the start
     */
    public Preprocessor(Includes includes, Diagnostics diagnostics, Map<String, String> definitions) {
        this.includes = includes;
        this.diagnostics = diagnostics;
        definitions.forEach((name, body) -> macros.define(name, new Macro(null, body)));
    }

    /** Preprocesses {@code files} one after the other into one text. */
    public SourceText.Builder run(List<SourceFile> files) {
        try {
            for (SourceFile file : files) {
                process(file);
                out.insert(file, file.text().length(), "\n");
            }
        } catch (Hopeless e) {
            // What there is so far serves to place the messages.
        }
        return out;
    }

    private void process(SourceFile file) {
        if (file.text().indexOf('\0') >= 0) {
            diagnostics.error(file, file.text().indexOf('\0'), 1, "this file is not text");
            throw new Hopeless();
        }
        new Pass(file).run();
    }

    /** One pass over one file. */
    private final class Pass {

        private final SourceFile file;
        private final String text;
        private final Conditionals conditionals = new Conditionals();
        private int at;
        private int copied;

        Pass(SourceFile file) {
            this.file = file;
            this.text = file.text();
        }

        void run() {
            while (at < text.length()) {
                char c = text.charAt(at);
                if (c == '"') {
                    at = Macro.endOfString(text, at);
                } else if (c == '/') {
                    at = Math.max(at + 1, Macro.endOfComment(text, at));
                } else if (c == '<' && text.startsWith("<%", at)) {
                    diagnostics.error(file, at, 2, "embedded Perl is not supported", "run it before, and compile what it prints");
                    throw new Hopeless();
                } else if (c == '<' && text.startsWith("<PARMS>", at)) {
                    copyTo(at);
                    skipToolParameters();
                    copied = at;
                } else if (c == '`') {
                    copyTo(at);
                    directive();
                    copied = at;
                } else {
                    at++;
                }
            }
            copyTo(text.length());
            if (conditionals.unended() >= 0) {
                diagnostics.error(file, conditionals.unended(), 1, "this conditional has no `endif");
            }
        }

        /** Older files carry the options of the tool that they were written for. */
        private void skipToolParameters() {
            int end = text.indexOf("</PARMS>", at);
            diagnostics.warning(Warning.NOT_STANDARD, file, at, "<PARMS>".length(), "another tool's parameters are read over");
            at = end < 0 ? text.length() : end + "</PARMS>".length();
        }

        private boolean active() {
            return conditionals.active();
        }

        private void copyTo(int end) {
            if (end > copied && active()) {
                if (out.length() + end - copied > LARGEST_TEXT) {
                    diagnostics.error(file, copied, 1, "the preprocessed text is larger than " + LARGEST_TEXT + " characters");
                    throw new Hopeless();
                }
                out.copy(file, copied, end);
            }
        }

        private int endOfLine(int from) {
            int end = text.indexOf('\n', from);
            return end < 0 ? text.length() : end;
        }

        private String word() {
            int from = at;
            at = Macro.endOfWord(text, at);
            return text.substring(from, at);
        }

        private void skipBlanks() {
            while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
                at++;
            }
        }

        private void directive() {
            int start = at++;
            String name = word();
            switch (name) {
                case "define" -> define(start);
                case "undef" -> undefine(start);
                case "include" -> include(start);
                case "ifdef" -> conditional(start, true);
                case "ifndef" -> conditional(start, false);
                case "elsif" -> elsif(start);
                case "else" -> otherwise(start);
                case "endif" -> endif(start);
                case "line", "resetall", "default_nettype", "timescale", "begin_keywords", "end_keywords" -> at = endOfLine(at);
                default -> use(start, name);
            }
        }

        private void error(int start, String message) {
            diagnostics.error(file, start, Math.max(1, at - start), message);
        }

        // ---- conditionals

        private void conditional(int start, boolean wanted) {
            skipBlanks();
            String name = word();
            if (name.isEmpty()) {
                error(start, "the name of a macro is missing");
            }
            conditionals.begin(start, macros.isDefined(name) == wanted);
        }

        private void elsif(int start) {
            skipBlanks();
            if (!conditionals.elsif(macros.isDefined(word()))) {
                error(start, "`elsif without `ifdef");
            }
        }

        private void otherwise(int start) {
            if (!conditionals.otherwise()) {
                error(start, "`else without `ifdef");
            }
        }

        private void endif(int start) {
            if (!conditionals.end()) {
                error(start, "`endif without `ifdef");
            }
        }

        // ---- definitions

        private void define(int start) {
            skipBlanks();
            String name = word();
            if (name.isEmpty()) {
                error(start, "the name of a macro is missing");
                at = endOfLine(at);
                return;
            }
            List<Macro.Parameter> parameters = null;
            if (at < text.length() && text.charAt(at) == '(') {
                parameters = parameters(start);
            }
            String body = body();
            if (active()) {
                Macro before = macros.define(name, new Macro(parameters, body));
                if (before != null && !before.equals(new Macro(parameters, body))) {
                    diagnostics.warning(Warning.MACRO_REDEFINED, file, start, at - start,
                            "macro '" + name + "' was defined otherwise before");
                }
            }
        }

        private List<Macro.Parameter> parameters(int start) {
            int end = text.indexOf(')', at);
            int line = endOfLine(at);
            if (end < 0 || end > line) {
                error(start, "the parameters of this macro have no end");
                at = line;
                return List.of();
            }
            List<Macro.Parameter> parameters = new ArrayList<>();
            for (String parameter : text.substring(at + 1, end).split(",", -1)) {
                if (!parameter.isBlank()) {
                    int equals = parameter.indexOf('=');
                    parameters.add(equals < 0
                            ? new Macro.Parameter(parameter.strip(), null)
                            : new Macro.Parameter(parameter.substring(0, equals).strip(), parameter.substring(equals + 1).strip()));
                }
            }
            at = end + 1;
            return parameters;
        }

        /** The rest of the line, and of the next after a backslash, without comments. */
        private String body() {
            StringBuilder body = new StringBuilder();
            while (at < text.length() && text.charAt(at) != '\n') {
                int end = Macro.endOfComment(text, at);
                if (end > at) {
                    at = end;
                } else if (isContinued()) {
                    body.append('\n');
                    at = text.indexOf('\n', at) + 1;
                } else if (text.charAt(at) == '"' && text.charAt(Math.max(0, at - 1)) != '`') {
                    string(body);
                } else {
                    body.append(text.charAt(at++));
                }
            }
            return body.toString().strip();
        }

        private boolean isContinued() {
            return text.startsWith("\\\n", at) || text.startsWith("\\\r\n", at);
        }

        /** A string in a macro's body; it ends with the body at the latest. */
        private void string(StringBuilder body) {
            body.append(text.charAt(at++));
            while (at < text.length() && text.charAt(at) != '"' && text.charAt(at) != '\n') {
                if (isContinued()) {
                    body.append('\n');
                    at = text.indexOf('\n', at) + 1;
                } else {
                    int end = Math.min(text.length(), at + (text.charAt(at) == '\\' ? 2 : 1));
                    body.append(text, at, end);
                    at = end;
                }
            }
            if (at < text.length() && text.charAt(at) == '"') {
                body.append(text.charAt(at++));
            }
        }

        private void undefine(int start) {
            skipBlanks();
            String name = word();
            if (name.isEmpty()) {
                error(start, "the name of a macro is missing");
            } else if (active()) {
                macros.undefine(name);
            }
        }

        // ---- files

        private void include(int start) {
            skipBlanks();
            char open = at < text.length() ? text.charAt(at) : ' ';
            int line = endOfLine(at);
            int end = open == '"' || open == '<' ? text.indexOf(open == '"' ? '"' : '>', at + 1) : -1;
            if (end < 0 || end > line) {
                error(start, "`include needs a file name: \"name\" or <name>");
                at = line;
                return;
            }
            String name = text.substring(at + 1, end);
            at = end + 1;
            if (!active()) {
                return;
            }
            if (depth >= DEEPEST_INCLUDE) {
                error(start, "files include each other " + DEEPEST_INCLUDE + " deep; they probably include themselves");
                throw new Hopeless();
            }
            if (++inclusions > MOST_INCLUSIONS) {
                error(start, "more than " + MOST_INCLUSIONS + " files are included");
                throw new Hopeless();
            }
            SourceFile included = find(name, start);
            if (included != null) {
                depth++;
                process(included);
                depth--;
            }
        }

        private @Nullable SourceFile find(String name, int start) {
            try {
                SourceFile found = includes.find(name, file);
                if (found == null) {
                    error(start, "there is no file '" + name + "' beside this one or on the include path");
                }
                return found;
            } catch (IOException | InvalidPathException e) {
                error(start, "the file '" + name + "' cannot be read: " + e.getMessage());
                return null;
            }
        }

        // ---- uses

        private void use(int start, String name) {
            if (!active()) {
                return;
            }
            if (name.isEmpty() || !macros.isDefined(name)) {
                error(start, "no macro is called '" + name + "'");
                return;
            }
            Macros.Expansion expansion = macros.at(text, at);
            String result = expansion.expand(name, 0);
            at = expansion.end();
            String problem = expansion.problem();
            if (problem != null) {
                error(start, problem);
                throw new Hopeless();
            }
            out.insert(file, start, result);
        }
    }
}
