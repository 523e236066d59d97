package dev.openppu.rdl.emit.html;

import dev.openppu.rdl.model.EnumType;
import dev.openppu.rdl.model.Value;
import java.io.IOException;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;

/** The values of properties as a source writes them. */
final class PropertyText {

    private static final BigInteger LARGE = BigInteger.valueOf(1024);

    private PropertyText() {}

    /** A reference as an element that the document's script turns into a link, anything else as text. */
    static void write(Value value, Markup out) throws IOException {
        if (value instanceof Value.Reference reference) {
            String target = new Value.Reference(reference.up(), reference.steps(), null).toString();
            out.raw("<code class=ref data-up=").raw(reference.up()).attribute("data-to", target).raw(">").text(reference.toString())
                    .raw("</code>");
        } else {
            out.element("code", of(value));
        }
    }

    static String of(Value value) {
        return switch (value) {
            case Value.Flag(boolean flag) -> Boolean.toString(flag);
            case Value.Num(BigInteger number) -> number.compareTo(LARGE) < 0 ? number.toString() : "0x" + number.toString(16);
            case Value.Text(String text) -> text;
            case Value.Keyword(String word) -> word;
            case Value.EnumRef(EnumType type) -> type.name();
            case Value.EnumValue(EnumType type, EnumType.Entry entry) -> type.name() + "::" + entry.name();
            case Value.ListOf(List<Value> elements) -> String.join(", ", elements.stream().map(PropertyText::of).toList());
            case Value.Struct(String type, Map<String, Value> members) -> type + " { " + String.join(", ",
                    members.entrySet().stream().map(member -> member.getKey() + ": " + of(member.getValue())).toList()) + " }";
            case Value.Reference reference -> reference.toString();
        };
    }
}
