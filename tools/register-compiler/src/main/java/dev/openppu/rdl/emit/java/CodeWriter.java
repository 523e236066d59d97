package dev.openppu.rdl.emit.java;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Writes indented text with Javadoc. */
final class CodeWriter {

    private static final int WIDTH = 120;

    private static final Pattern BLANKS = Pattern.compile("\\s+");

    private final StringBuilder out = new StringBuilder();
    private int depth;

    /** A line at the current depth; a line that ends with an opening brace goes deeper, one that begins with a closing one back. */
    CodeWriter line(String format, Object... arguments) {
        String text = arguments.length == 0 ? format : String.format(format, arguments);
        if (text.startsWith("}")) {
            depth--;
        }
        if (!text.isEmpty()) {
            out.append("    ".repeat(depth)).append(text);
        }
        out.append('\n');
        if (text.endsWith("{")) {
            depth++;
        }
        return this;
    }

    CodeWriter blank() {
        return line("");
    }

    /** A Javadoc comment of paragraphs of plain text; what HTML or Javadoc would take for its own is escaped. */
    CodeWriter javadoc(String... paragraphs) {
        List<String> lines = new ArrayList<>();
        for (String paragraph : paragraphs) {
            if (!paragraph.isBlank()) {
                if (!lines.isEmpty()) {
                    lines.add("");
                    wrap("<p>" + escape(paragraph), lines);
                } else {
                    wrap(escape(paragraph), lines);
                }
            }
        }
        if (lines.size() == 1) {
            return line("%s", "/** " + lines.getFirst() + " */");
        }
        line("/**");
        lines.forEach(text -> line("%s", text.isEmpty() ? " *" : " * " + text));
        return line(" */");
    }

    private void wrap(String text, List<String> lines) {
        int room = Math.max(40, WIDTH - 4 * depth - 3);
        StringBuilder current = new StringBuilder();
        for (String word : BLANKS.split(text.strip(), -1)) {
            if (!current.isEmpty() && current.length() + 1 + word.length() > room) {
                lines.add(current.toString());
                current.setLength(0);
            }
            current.append(current.isEmpty() ? "" : " ").append(word);
        }
        lines.add(current.toString());
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("@", "&#64;").replace("*/", "*&#47;")
                .replace("\\", "&#92;").replace("{", "&#123;");
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
