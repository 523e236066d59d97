package dev.openppu.rdl.compare;

import dev.openppu.rdl.model.EnumType;
import dev.openppu.rdl.model.Field;
import dev.openppu.rdl.model.Node;
import dev.openppu.rdl.model.Value;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Compares the properties of two nodes that have no kind of change of their own. */
final class PropertyDiff {

    private static final Set<String> HAVE_THEIR_OWN = Set.of("name", "desc", "regwidth", "accesswidth", "memwidth", "mementries",
            "fieldwidth", "hw", "onread", "rclr", "rset", "onwrite", "woclr", "woset", "singlepulse", "encode", "ispresent");

    private PropertyDiff() {}

    static List<Change> between(String path, Node before, Node after) {
        List<Change> changes = new ArrayList<>();
        for (String text : List.of("name", "desc")) {
            String old = before.properties().text(text);
            String now = after.properties().text(text);
            if (!Objects.equals(old, now)) {
                changes.add(new Change.Description(path, text, old, now));
            }
        }
        Set<String> names = new TreeSet<>(before.properties().values().keySet());
        names.addAll(after.properties().values().keySet());
        names.removeAll(HAVE_THEIR_OWN);
        for (String name : names) {
            Value old = given(before, name);
            Value now = given(after, name);
            if (!Objects.equals(old, now)) {
                changes.add(new Change.Property(path, name, text(old), text(now)));
            }
        }
        return changes;
    }

    /** The value of {@code name}; null where it is not given or says nothing, and where it has a kind of change of its own. */
    private static @Nullable Value given(Node node, String name) {
        Value value = node.properties().get(name);
        boolean told = name.equals("sw") && node instanceof Field || name.equals("reset") && value instanceof Value.Num;
        return told || Value.Flag.FALSE.equals(value) ? null : value;
    }

    private static @Nullable String text(@Nullable Value value) {
        return switch (value) {
            case null -> null;
            case Value.Flag(boolean flag) -> Boolean.toString(flag);
            case Value.Num(BigInteger number) -> number.toString();
            case Value.Text(String text) -> '"' + text + '"';
            case Value.Keyword(String word) -> word;
            case Value.EnumRef(EnumType type) -> type.name();
            case Value.EnumValue(EnumType type, EnumType.Entry entry) -> type.name() + "::" + entry.name();
            case Value.ListOf(List<Value> elements) ->
                elements.stream().map(PropertyDiff::text).collect(Collectors.joining(", ", "{", "}"));
            case Value.Struct(String type, Map<String, Value> members) -> members.entrySet().stream()
                    .map(member -> member.getKey() + ": " + text(member.getValue())).collect(Collectors.joining(", ", type + " {", "}"));
            case Value.Reference reference -> reference.toString();
        };
    }
}
