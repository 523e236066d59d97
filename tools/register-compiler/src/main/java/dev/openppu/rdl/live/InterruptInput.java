package dev.openppu.rdl.live;

import dev.openppu.rdl.model.Field;
import dev.openppu.rdl.model.Properties;
import dev.openppu.rdl.model.Value;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How an interrupt or sticky field takes its input and how long it holds what it took.
 *
 * @param trigger what of the input counts
 * @param hold    how long
 */
record InterruptInput(Trigger trigger, Hold hold) {

    /** What of the input counts. */
    enum Trigger {
        LEVEL, POSEDGE, NEGEDGE, BOTHEDGE
    }

    /** How long what counted is held. */
    enum Hold {
        /** Each bit until software clears it. */
        BITS,
        /** The first value other than 0 until software clears it. */
        VALUE,
        /** Not at all. */
        NOT
    }

    /** The input stage of {@code field}; null where it is neither an interrupt nor sticky. */
    static @Nullable InterruptInput of(Field field) {
        Properties properties = field.properties();
        boolean sticks = properties.is("sticky") || properties.is("stickybit");
        if (!field.isInterrupt() && !sticks) {
            return null;
        }
        Trigger trigger = Trigger.valueOf(properties.keyword("intr type", "level").toUpperCase(Locale.ROOT));
        return new InterruptInput(trigger, hold(properties));
    }

    private static Hold hold(Properties properties) {
        if (properties.is("nonsticky")) {
            return Hold.NOT;
        }
        if (properties.is("sticky")) {
            return Hold.VALUE;
        }
        return Value.Flag.FALSE.equals(properties.get("stickybit")) ? Hold.NOT : Hold.BITS;
    }

    long event(long last, long now) {
        return switch (trigger) {
            case LEVEL -> now;
            case POSEDGE -> now & ~last;
            case NEGEDGE -> ~now & last;
            case BOTHEDGE -> now ^ last;
        };
    }

    long held(long stored, long event) {
        return switch (hold) {
            case BITS -> stored | event;
            case VALUE -> stored == 0 ? event : stored;
            case NOT -> event;
        };
    }
}
