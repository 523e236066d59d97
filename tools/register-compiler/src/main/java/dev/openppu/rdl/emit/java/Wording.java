package dev.openppu.rdl.emit.java;

import dev.openppu.rdl.model.Field;
import dev.openppu.rdl.model.OnRead;
import dev.openppu.rdl.model.OnWrite;
import dev.openppu.rdl.model.Register;
import dev.openppu.rdl.model.Value;
import java.util.Locale;
import java.util.stream.Collectors;

/** What the Javadoc of accessors says about registers and fields. */
final class Wording {

    private Wording() {}

    static String summary(Register register) {
        String label = register.properties().text("name");
        String text = label == null ? register.name() : register.name() + " (" + label + ")";
        Value.Reference alias = register.properties().reference("alias");
        if (alias != null) {
            text += ", an alias of " + alias;
        }
        String description = register.description();
        return description == null ? text + "." : text + ": " + description;
    }

    /** What reading does besides, or nothing. */
    static String sideEffects(Register register) {
        String fields = register.fields().stream().filter(field -> field.onRead() != OnRead.NONE)
                .map(field -> field.name() + " (" + word(field.onRead()) + ")").collect(Collectors.joining(", "));
        return fields.isEmpty() ? "" : "Reading has a side effect on " + fields + ".";
    }

    static String summary(Field field) {
        String description = field.description();
        return field.label() + (description == null ? "." : ": " + description) + " Access: sw " + word(field.sw()) + ", hw "
                + word(field.hw()) + effects(field) + ".";
    }

    private static String word(Enum<?> kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    private static String effects(Field field) {
        StringBuilder effects = new StringBuilder();
        if (field.onRead() != OnRead.NONE) {
            effects.append(", ").append(word(field.onRead()));
        }
        if (field.onWrite() != OnWrite.NONE) {
            effects.append(", ").append(word(field.onWrite()));
        }
        if (field.isSinglePulse()) {
            effects.append(", singlepulse");
        }
        if (field.properties().get("resetsignal") instanceof Value.Reference reference) {
            effects.append(", reset by ").append(reference);
        }
        return effects.toString();
    }
}
