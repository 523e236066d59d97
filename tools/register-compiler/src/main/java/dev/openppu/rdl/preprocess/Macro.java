package dev.openppu.rdl.preprocess;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What {@code `define} gives a name to.
 *
 * @param parameters its parameters, or null where it takes no arguments
 * @param body       its text
 */
record Macro(@Nullable List<Parameter> parameters, String body) {

    /**
     * A parameter.
     *
     * @param name  its name
     * @param value what stands for it where no argument is given, or null
     */
    record Parameter(String name, @Nullable String value) {}

    /**
     * The body with {@code arguments} in the places of the parameters. Strings in it stay as they are, unless their quotes are
     * escaped as {@code `"}: that makes a string in which arguments are put, and {@code `\`"} is a quote within it.
     */
    String apply(List<String> arguments) {
        StringBuilder out = new StringBuilder(body.length() + 64);
        int i = 0;
        while (i < body.length()) {
            char c = body.charAt(i);
            if (isWordStart(c)) {
                int end = endOfWord(body, i);
                String word = body.substring(i, end);
                int index = indexOf(word);
                out.append(index < 0 ? word : arguments.get(index));
                i = end;
            } else if (c == '"') {
                int end = endOfString(body, i);
                out.append(body, i, end);
                i = end;
            } else if (body.startsWith("``", i)) {
                i += 2;
            } else if (body.startsWith("`\"", i)) {
                out.append('"');
                i += 2;
            } else if (body.startsWith("`\\`\"", i)) {
                out.append("\\\"");
                i += 4;
            } else {
                out.append(c);
                i++;
            }
        }
        return out.toString();
    }

    private int indexOf(String word) {
        if (parameters != null) {
            for (int i = 0; i < parameters.size(); i++) {
                if (parameters.get(i).name.equals(word)) {
                    return i;
                }
            }
        }
        return -1;
    }

    private static boolean isWordStart(char c) {
        return Character.isLetter(c) || c == '_';
    }

    /** The offset after the word that begins at {@code from}. */
    static int endOfWord(String text, int from) {
        int end = from;
        while (end < text.length() && (Character.isLetterOrDigit(text.charAt(end)) || text.charAt(end) == '_')) {
            end++;
        }
        return end;
    }

    /** The offset after the string literal that begins at {@code from}. */
    static int endOfString(String text, int from) {
        int i = from + 1;
        while (i < text.length() && text.charAt(i) != '"') {
            i += text.charAt(i) == '\\' ? 2 : 1;
        }
        return Math.min(text.length(), i + 1);
    }

    /** The offset after the comment that begins at {@code from}; {@code from} itself if none does. */
    static int endOfComment(String text, int from) {
        boolean isLine = text.startsWith("//", from);
        if (!isLine && !text.startsWith("/*", from)) {
            return from;
        }
        int end = text.indexOf(isLine ? "\n" : "*/", from + 2);
        return end < 0 ? text.length() : isLine ? end : end + 2;
    }
}
