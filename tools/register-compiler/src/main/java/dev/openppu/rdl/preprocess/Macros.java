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
            List<Macro.Parameter> parameters = macro.parameters();
            List<String> arguments = parameters == null ? List.of() : complete(arguments(), parameters);
            if (parameters != null && arguments.size() != parameters.size()) {
                problem = "macro '" + name + "' takes " + parameters.size() + " arguments, but " + arguments.size() + " are given";
                return "";
            }
            return rescan(macro.apply(arguments), level + 1);
        }

        /** {@code given}, with the parameters' own values where arguments are missing or empty. */
        private static List<String> complete(List<String> given, List<Macro.Parameter> parameters) {
            List<String> all = new ArrayList<>(given);
            for (int i = 0; i < parameters.size(); i++) {
                String value = parameters.get(i).value();
                if (value != null && i == all.size()) {
                    all.add(value);
                } else if (value != null && i < all.size() && all.get(i).isEmpty()) {
                    all.set(i, value);
                }
            }
            return all;
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
            Conditionals conditionals = new Conditionals();
            int i = 0;
            while (i < body.length() && problem == null) {
                int next = body.charAt(i) == '"' ? Macro.endOfString(body, i) : i + 1;
                if (body.charAt(i) == '`') {
                    next = directive(body, i + 1, level, conditionals, result);
                } else if (conditionals.active()) {
                    result.append(body, i, next);
                }
                i = next;
            }
            if (problem == null && conditionals.unended() >= 0) {
                problem = "a conditional in this macro has no `endif";
            }
            return result.toString();
        }

        /** Follows the directive or use whose name begins at {@code from}; returns the offset after it. */
        private int directive(String body, int from, int level, Conditionals conditionals, StringBuilder result) {
            int stop = Macro.endOfWord(body, from);
            String word = body.substring(from, stop);
            boolean belongs = true;
            switch (word) {
                case "ifdef", "ifndef", "elsif" -> {
                    int name = from + word.length();
                    while (name < body.length() && Character.isWhitespace(body.charAt(name))) {
                        name++;
                    }
                    stop = Macro.endOfWord(body, name);
                    boolean holds = isDefined(body.substring(name, stop)) != word.equals("ifndef");
                    if (word.equals("elsif")) {
                        belongs = conditionals.elsif(holds);
                    } else {
                        conditionals.begin(from, holds);
                    }
                }
                case "else" -> belongs = conditionals.otherwise();
                case "endif" -> belongs = conditionals.end();
                default -> {
                    if (conditionals.active()) {
                        Expansion inner = new Expansion(body, stop);
                        result.append(inner.expand(word, level));
                        problem = inner.problem;
                        stop = inner.end;
                    }
                }
            }
            if (!belongs) {
                problem = "`" + word + " without `ifdef in this macro";
            }
            return stop;
        }

        /** The arguments in parentheses, without comments; commas within brackets and strings do not separate. */
        private List<String> arguments() {
            int i = end;
            while (i < text.length() && Character.isWhitespace(text.charAt(i))) {
                i++;
            }
            List<String> arguments = new ArrayList<>();
            if (i >= text.length() || text.charAt(i) != '(') {
                return arguments;
            }
            int nesting = 1;
            StringBuilder argument = new StringBuilder();
            i++;
            while (i < text.length() && nesting > 0) {
                char c = text.charAt(i);
                int next = c == '"' ? Macro.endOfString(text, i) : Math.max(i + 1, Macro.endOfComment(text, i));
                if (c == '(' || c == '[' || c == '{') {
                    nesting++;
                } else if (c == ')' || c == ']' || c == '}') {
                    nesting--;
                }
                if (nesting == 0 || nesting == 1 && c == ',') {
                    arguments.add(argument.toString().strip());
                    argument.setLength(0);
                } else if (Macro.endOfComment(text, i) == i) {
                    argument.append(text, i, next);
                }
                i = next;
            }
            end = i;
            return arguments.size() == 1 && arguments.getFirst().isEmpty() ? new ArrayList<>() : arguments;
        }
    }
}
