package dev.openppu.rdl.emit.svd;

import dev.openppu.rdl.model.Node;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The names of one scope: C identifiers, each given once. */
final class SvdNames {

    private static final Pattern ILLEGAL = Pattern.compile("[^A-Za-z0-9_]");

    private final Set<String> taken = new HashSet<>();

    /** {@code wanted}, or something like it that nobody has yet. */
    String take(String wanted) {
        String name = identifier(wanted);
        for (int i = 2; !taken.add(name); i++) {
            name = identifier(wanted) + "_" + i;
        }
        return name;
    }

    static String identifier(String name) {
        String legal = ILLEGAL.matcher(name).replaceAll("_");
        return legal.isEmpty() || Character.isDigit(legal.charAt(0)) ? "_" + legal : legal;
    }

    /** What people read about {@code node}: its description, else what they call it; null where neither is given. */
    static @Nullable String description(Node node) {
        String description = node.description();
        return description == null || description.isBlank() ? node.properties().text("name") : description;
    }

    /** As {@link #description}, where something must be said. */
    static String someDescription(Node node) {
        return Objects.requireNonNullElse(description(node), node.name());
    }
}
