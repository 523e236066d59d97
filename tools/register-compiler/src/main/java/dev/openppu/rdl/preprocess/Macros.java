package dev.openppu.rdl.preprocess;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/** The macros that are defined, and what their uses expand to. Bounded in depth and size, so that no input can exhaust memory. */
final class Macros {

    private static final int DEEPEST_EXPANSION = 64;
    private static final int LARGEST_EXPANSION = 1 << 22;

    private final Map<String, Macro> macros = new HashMap<>();
    private long expanded;

    /** Defines {@code name}; returns what it stood for before, or null. */
    @Nullable
    Macro define(String name, Macro macro) {
        return macros.put(name, macro);
    }

    void undefine(String name) {
        macros.remove(name);
    }

    boolean isDefined(String name) {
        return macros.containsKey(name);
    }

    /** A use in {@code text} whose name ends at {@code end}. */
    Expansion at(String text, int end) {
        return new Expansion(text, end);
    }

    /** The expansion of one use of a macro, with the uses in its body. */
    final class Expansion {

        private final String text;
        private int end;
        private @Nullable String problem;

        Expansion(String text, int end) {
            this.text = text;
            this.end = end;
        }

        /** What is wrong, or null. */
        @Nullable
        String problem() {
            return problem;
        }

        /** The offset after the use. */
        int end() {
            return end;
        }

        /** Expands {@code name}, whose arguments, if it takes any, follow in the text. */
        String expand(String name, int level) {
            Macro macro = macros.get(name);
            if (macro == null) {
                problem = "no macro is called '" + name + "'";
                return "";
            }
            List<String> parameters = macro.parameters();
            List<String> arguments = parameters == null ? List.of() : arguments();
            if (parameters != null && arguments.size() != parameters.size()) {
                problem = "macro '" + name + "' takes " + parameters.size() + " arguments, but " + arguments.size() + " are given";
                return "";
            }
            return rescan(macro.apply(arguments), level + 1);
        }

        private String rescan(String body, int level) {
            expanded += body.length();
            if (level > DEEPEST_EXPANSION || expanded > LARGEST_EXPANSION) {
                problem = "this macro expands without end";
                return "";
            }
            if (body.indexOf('`') < 0) {
                return body;
            }
            StringBuilder result = new StringBuilder();
            int i = 0;
            while (i < body.length() && problem == null) {
                char c = body.charAt(i);
                if (c == '"') {
                    int close = Macro.endOfString(body, i);
                    result.append(body, i, close);
                    i = close;
                } else if (c == '`') {
                    int stop = i + 1;
                    while (stop < body.length() && (Character.isLetterOrDigit(body.charAt(stop)) || body.charAt(stop) == '_')) {
                        stop++;
                    }
                    Expansion inner = new Expansion(body, stop);
                    result.append(inner.expand(body.substring(i + 1, stop), level));
                    problem = inner.problem;
                    i = inner.end;
                } else {
                    result.append(c);
                    i++;
                }
            }
            return result.toString();
        }

        /** The arguments in parentheses; commas within brackets and strings do not separate. */
        private List<String> arguments() {
            int i = end;
            while (i < text.length() && Character.isWhitespace(text.charAt(i))) {
                i++;
            }
            List<String> arguments = new ArrayList<>();
            if (i >= text.length() || text.charAt(i) != '(') {
                return arguments;
            }
            int nesting = 0;
            int from = i + 1;
            while (i < text.length()) {
                char c = text.charAt(i);
                if (c == '"') {
                    i = Macro.endOfString(text, i) - 1;
                } else if (c == '(' || c == '[' || c == '{') {
                    nesting++;
                } else if (c == ')' || c == ']' || c == '}') {
                    nesting--;
                }
                if (nesting == 0 || nesting == 1 && c == ',') {
                    arguments.add(text.substring(from, Math.max(from, i)).strip());
                    from = i + 1;
                }
                i++;
                if (nesting == 0) {
                    break;
                }
            }
            end = i;
            return arguments.size() == 1 && arguments.getFirst().isEmpty() ? new ArrayList<>() : arguments;
        }
    }
}
