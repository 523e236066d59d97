package dev.openppu.rdl.emit.html;

import dev.openppu.rdl.model.Node;
import dev.openppu.rdl.model.Value;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Says in words what a node's properties make it do; every property that the reference shows nowhere else appears here. */
final class Behaviour {

    /** Shown in places of their own. */
    private static final Set<String> ELSEWHERE = Set.of("name", "desc", "sw", "hw", "reset", "encode", "regwidth", "accesswidth",
            "fieldwidth", "signalwidth", "memwidth", "mementries", "ispresent", "alias", "addressing", "alignment", "nonsticky",
            "lsb0", "msb0", "intr");

    private static final Map<String, Phrase> PHRASES = phrases();

    /** How a property reads when it is set, and when it has a value: then {@code %} stands for the value. */
    private record Phrase(String set, String with) {}

    private Behaviour() {}

    private static Map<String, Phrase> phrases() {
        Map<String, Phrase> phrases = new LinkedHashMap<>();
        words(phrases, "rclr", "cleared by a read");
        words(phrases, "rset", "set by a read");
        words(phrases, "woclr", "write 1 to clear");
        words(phrases, "woset", "write 1 to set");
        words(phrases, "singlepulse", "clears itself after one cycle");
        words(phrases, "swmod", "tells hardware of modification by software");
        words(phrases, "swacc", "tells hardware of any access by software");
        words(phrases, "counter", "counter");
        words(phrases, "anded", "AND of its bits goes to hardware");
        words(phrases, "ored", "OR of its bits goes to hardware");
        words(phrases, "xored", "XOR of its bits goes to hardware");
        words(phrases, "paritycheck", "parity checked");
        words(phrases, "sticky", "sticky as a whole");
        words(phrases, "stickybit", "each bit sticky");
        words(phrases, "shared", "shared by several maps");
        words(phrases, "bridge", "bridge");
        words(phrases, "bigendian", "big-endian");
        words(phrases, "littleendian", "little-endian");
        words(phrases, "donttest", "not to be tested");
        words(phrases, "dontcompare", "not to be compared");
        both(phrases, "swwe", "written by software only while enabled by hardware", "written by software only while % is 1");
        both(phrases, "swwel", "written by software only while not locked by hardware", "written by software only while % is 0");
        both(phrases, "we", "loaded by hardware while its write enable is 1", "loaded by hardware while % is 1");
        both(phrases, "wel", "loaded by hardware while its write enable is 0", "loaded by hardware while % is 0");
        both(phrases, "hwclr", "cleared by hardware", "cleared by %");
        both(phrases, "hwset", "set by hardware", "set by %");
        both(phrases, "hwenable", "", "hardware updates the bits that are 1 in %");
        both(phrases, "hwmask", "", "hardware updates the bits that are 0 in %");
        both(phrases, "next", "", "follows %");
        both(phrases, "resetsignal", "", "reset by %");
        both(phrases, "enable", "", "enabled by %");
        both(phrases, "mask", "", "masked by %");
        both(phrases, "haltenable", "", "halts if enabled by %");
        both(phrases, "haltmask", "", "halts unless masked by %");
        return phrases;
    }

    private static void words(Map<String, Phrase> phrases, String property, String words) {
        both(phrases, property, words, words + ": %");
    }

    private static void both(Map<String, Phrase> phrases, String property, String set, String with) {
        phrases.put(property, new Phrase(set, with));
    }

    private static final Map<String, String> EFFECTS = Map.ofEntries(Map.entry("rclr", "cleared by a read"),
            Map.entry("rset", "set by a read"), Map.entry("ruser", "a read has a user-defined effect"),
            Map.entry("woset", "write 1 to set"), Map.entry("woclr", "write 1 to clear"), Map.entry("wot", "write 1 to toggle"),
            Map.entry("wzs", "write 0 to set"), Map.entry("wzc", "write 0 to clear"), Map.entry("wzt", "write 0 to toggle"),
            Map.entry("wclr", "any write clears"), Map.entry("wset", "any write sets"),
            Map.entry("wuser", "a write has a user-defined effect"), Map.entry("hw", "hardware wins over software"),
            Map.entry("sw", "software wins over hardware"));

    /** Writes an item for every property of {@code node} that has something to say, or nothing at all. */
    static void write(Node node, Markup out) throws IOException {
        boolean any = false;
        if (node.properties().is("intr")) {
            any = open(any, out);
            item(interrupt(node), out);
        }
        for (Map.Entry<String, Value> property : node.properties().values().entrySet()) {
            if (says(property.getKey(), property.getValue())) {
                any = open(any, out);
                out.raw("<li>");
                write(property.getKey(), property.getValue(), out);
            }
        }
        if (any) {
            out.raw("</ul>");
        }
    }

    private static boolean open(boolean any, Markup out) throws IOException {
        if (!any) {
            out.raw("<ul class=does>");
        }
        return true;
    }

    private static void item(String text, Markup out) throws IOException {
        out.raw("<li>").text(text);
    }

    private static String interrupt(Node node) {
        String kind = node.properties().keyword("intr type", "level");
        return "interrupt, " + (node.properties().is("nonsticky") ? "not sticky, " : "") + switch (kind) {
            case "posedge" -> "on a rising edge";
            case "negedge" -> "on a falling edge";
            case "bothedge" -> "on either edge";
            default -> "while its input is 1";
        };
    }

    private static boolean says(String name, Value value) {
        boolean silent = value.equals(Value.Flag.FALSE) && !name.equals("sync");
        boolean none = value instanceof Value.Keyword(String word) && word.equals("none");
        return !silent && !none && !ELSEWHERE.contains(name) && !name.contains(" ");
    }

    private static void write(String name, Value value, Markup out) throws IOException {
        Phrase phrase = PHRASES.get(name);
        if (value instanceof Value.Keyword(String word) && EFFECTS.containsKey(word)) {
            out.text(EFFECTS.getOrDefault(word, word));
        } else if (value.equals(Value.Flag.TRUE)) {
            out.text(phrase == null ? name : phrase.set);
        } else {
            String with = phrase == null ? name + " = %" : phrase.with;
            int place = with.indexOf('%');
            out.text(with.substring(0, place));
            PropertyText.write(value, out);
            out.text(with.substring(place + 1));
        }
    }
}
