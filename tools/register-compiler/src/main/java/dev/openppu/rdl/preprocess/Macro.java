package dev.openppu.rdl.preprocess;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What {@code `define} gives a name to.
 *
 * @param parameters its parameters' names, or null where it takes no arguments
 * @param body       its text
 */
record Macro(@Nullable List<String> parameters, String body) {

    /** The body with {@code arguments} in the places of the parameters. Strings in it stay as they are. */
    String apply(List<String> arguments) {
        if (parameters == null || parameters.isEmpty()) {
            return body.replace("``", "");
        }
        StringBuilder out = new StringBuilder(body.length() + 64);
        int i = 0;
        while (i < body.length()) {
            char c = body.charAt(i);
            if (Character.isJavaIdentifierStart(c) && c != '$') {
                int end = i + 1;
                while (end < body.length() && Character.isJavaIdentifierPart(body.charAt(end))) {
                    end++;
                }
                String word = body.substring(i, end);
                int index = parameters.indexOf(word);
                out.append(index < 0 ? word : arguments.get(index));
                i = end;
            } else if (c == '"') {
                int end = endOfString(body, i);
                out.append(body, i, end);
                i = end;
            } else if (body.startsWith("``", i)) {
                i += 2;
            } else {
                out.append(c);
                i++;
            }
        }
        return out.toString();
    }

    /** The offset after the string literal that begins at {@code from}. */
    static int endOfString(String text, int from) {
        int i = from + 1;
        while (i < text.length() && text.charAt(i) != '"') {
            i += text.charAt(i) == '\\' ? 2 : 1;
        }
        return Math.min(text.length(), i + 1);
    }
}
