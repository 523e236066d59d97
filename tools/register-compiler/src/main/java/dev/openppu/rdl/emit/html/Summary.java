package dev.openppu.rdl.emit.html;

import dev.openppu.rdl.model.Node;
import java.util.regex.Pattern;

/** The first sentence of a description, for tables. */
final class Summary {

    private static final int LONGEST = 140;
    private static final Pattern TAGS = Pattern
            .compile("\\[/?(?:b|i|u|color|size|url|email|img|code|list|\\*|quote|br|p|sp)(?:=[^\\]\\n]*)?\\]");
    private static final Pattern BLANKS = Pattern.compile("\\s+");
    private static final Pattern END = Pattern.compile("(?<=[.!?]) (?=[A-Z])|\u2029|\n");

    private Summary() {}

    /** The summary of {@code node}, plain text; empty where it has no description. */
    static String of(Node node) {
        String text = node.description();
        if (text == null || text.isBlank()) {
            return "";
        }
        String plain = TAGS.matcher(Reflow.reflow(text)).replaceAll(" ").replace("[instname]", node.name())
                .replace("[name]", node.label()).replace("[index]", "[i]").replace("[index_parent]", "[i]").replace("[lb]", "[")
                .replace("[rb]", "]").strip();
        String sentence = BLANKS.matcher(END.split(plain, 2)[0]).replaceAll(" ").strip();
        return sentence.length() <= LONGEST ? sentence : sentence.substring(0, sentence.lastIndexOf(' ', LONGEST - 1) + 1).strip() + "…";
    }
}
