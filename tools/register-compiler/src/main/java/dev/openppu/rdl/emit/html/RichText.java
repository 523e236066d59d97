package dev.openppu.rdl.emit.html;

import dev.openppu.rdl.model.Addressable;
import dev.openppu.rdl.model.Node;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Renders a description: the standard's formatting tags (annex "Formatting text strings") become HTML, line breaks as
 * {@link Reflow} finds them, and all else is text. What is opened is closed; a tag that closes nothing stays text; an address of
 * another scheme than the web's and mail's is no link; pictures are named, not loaded, since the document stands alone.
 */
final class RichText {

    private static final Pattern TAG = Pattern.compile("\\[code\\](?<code>[^\n]*?)\\[/code\\]|"
            + "\\[(/?)(b|i|u|color|size|url|email|img|list|\\*|quote|br|lb|rb|p|sp|index_parent|index|name|instname)"
            + "(?:=([^\\]\\n]*))?\\]");
    private static final Pattern CODE = Pattern.compile("\\[code\\](.*?)\\[/code\\]", Pattern.DOTALL);
    private static final Pattern AROUND_BLOCKS = Pattern.compile("[\\s\u2029]*(\\[/?(?:list|p|\\*|br)(?:=[^\\]\\n]*)?\\])[\\s\u2029]*");
    private static final Pattern LINK = Pattern.compile("(?:https?://|ftp://|mailto:)\\S+");
    private static final Pattern COLOR = Pattern.compile("[a-zA-Z]{3,20}|#[0-9a-fA-F]{3,8}");
    private static final Set<String> LIST_KINDS = Set.of("1", "a", "A", "i", "I");
    private static final String PARAGRAPH = "<span class=par></span>";

    private final Node node;
    private final Markup out;
    private final Deque<Open> open = new ArrayDeque<>();

    /** A tag that waits to be closed, and what closes it. */
    private record Open(String tag, String end) {}

    private RichText(Node node, Markup out) {
        this.node = node;
        this.out = out;
    }

    /** Whether the text of {@code node} tells the instance's own name. */
    static boolean tellsInstance(Node node) {
        String text = node.description();
        return text != null && (text.contains("[instname]") || text.contains("[name]") || text.contains("[index"));
    }

    /** Writes the description of {@code node}; nothing where it has none. */
    static void write(Node node, Markup out) throws IOException {
        write(node.description(), node, out);
    }

    /** Writes {@code text}, which belongs to {@code node}. */
    static void write(@Nullable String text, Node node, Markup out) throws IOException {
        if (text != null && !text.isBlank()) {
            out.raw("<div class=desc>");
            new RichText(node, out).render(text.strip());
            out.raw("</div>");
        }
    }

    private void render(String text) throws IOException {
        Matcher code = CODE.matcher(text);
        int done = 0;
        while (code.find()) {
            if (code.group(1).contains("\n")) {
                renderTagged(text.substring(done, code.start()));
                out.element("pre", code.group(1).stripTrailing().stripIndent().strip());
                done = code.end();
            }
        }
        renderTagged(text.substring(done));
        while (!open.isEmpty()) {
            out.raw(open.pop().end);
        }
    }

    private void renderTagged(String part) throws IOException {
        String lead = !part.isEmpty() && Character.isWhitespace(part.charAt(0)) ? " " : "";
        String trail = !part.isEmpty() && Character.isWhitespace(part.charAt(part.length() - 1)) ? " " : "";
        String text = AROUND_BLOCKS.matcher(lead + Reflow.reflow(part) + trail).replaceAll("$1");
        Matcher tag = TAG.matcher(text);
        int done = 0;
        while (tag.find()) {
            writeText(text.substring(done, tag.start()));
            if (tag.group("code") != null) {
                out.element("code", tag.group("code").strip());
            } else if (!writeTag(!tag.group(2).isEmpty(), tag.group(3), tag.group(4))) {
                writeText(tag.group());
            }
            done = tag.end();
        }
        writeText(text.substring(done));
    }

    private void writeText(String text) throws IOException {
        int done = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == Reflow.BREAK || c == Reflow.PARAGRAPH) {
                out.text(text.substring(done, i)).raw(c == Reflow.BREAK ? "<br>" : PARAGRAPH);
                done = i + 1;
            }
        }
        out.text(text.substring(done));
    }

    /** Whether the tag means something where it stands; it is text otherwise. */
    private boolean writeTag(boolean closing, String tag, @Nullable String argument) throws IOException {
        return switch (tag) {
            case "b", "i", "u" -> closing ? close(tag) : open(tag, "<" + tag + ">", "</" + tag + ">");
            case "color" -> closing ? close(tag) : open(tag, color(argument), "</span>");
            case "size" -> closing ? close(tag) : open(tag, "<span>", "</span>");
            case "email", "img" -> closing ? close(tag) : open(tag, "<code>", "</code>");
            case "url" -> closing ? close(tag) : openLink(argument);
            case "list" -> closing ? close(tag) : openList(argument);
            case "*" -> !closing && item();
            case "quote" -> write("\"");
            case "p" -> write(PARAGRAPH);
            case "br" -> write("<br>");
            case "lb" -> write("[");
            case "rb" -> write("]");
            case "sp" -> write("&nbsp;");
            case "name" -> text(node.label());
            case "instname" -> text(node.name());
            case "index" ->
                node instanceof Addressable array && array.array().isArray() && write("<span class=index>" + range(array) + "</span>");
            default -> write("<span class=index data-up=1>[i]</span>");
        };
    }

    private static String range(Addressable node) {
        StringBuilder range = new StringBuilder();
        node.array().dimensions().forEach(size -> range.append("[0:").append(size - 1).append(']'));
        return range.toString();
    }

    private boolean write(String markup) throws IOException {
        out.raw(markup);
        return true;
    }

    private boolean text(String text) throws IOException {
        out.text(text);
        return true;
    }

    private boolean open(String tag, String begin, String end) throws IOException {
        open.push(new Open(tag, end));
        return write(begin);
    }

    private boolean close(String tag) throws IOException {
        if (open.stream().noneMatch(one -> one.tag.equals(tag))) {
            return false;
        }
        while (true) {
            Open one = open.pop();
            out.raw(one.end);
            if (one.tag.equals(tag)) {
                return true;
            }
        }
    }

    private static String color(@Nullable String name) {
        return name != null && COLOR.matcher(name.strip()).matches()
                ? "<span style=\"color:" + name.strip().toLowerCase(Locale.ROOT) + "\">"
                : "<span>";
    }

    private boolean openLink(@Nullable String address) throws IOException {
        if (address == null || !LINK.matcher(address.strip()).matches()) {
            return open("url", "<code>", "</code>");
        }
        out.raw("<a rel=noreferrer").attribute("href", address.strip());
        return open("url", ">", "</a>");
    }

    private boolean openList(@Nullable String kind) throws IOException {
        if (kind == null) {
            return open("list", "<ul>", "</ul>");
        }
        return LIST_KINDS.contains(kind.strip()) && open("list", "<ol type=" + kind.strip() + ">", "</ol>");
    }

    /** An item closes what the one before it left open. */
    private boolean item() throws IOException {
        if (open.stream().noneMatch(one -> one.tag.equals("list"))) {
            return false;
        }
        while (!open.isEmpty() && !open.element().tag.equals("list")) {
            out.raw(open.pop().end);
        }
        return write("<li>");
    }
}
