package dev.openppu.rdl.elaborate;

import dev.openppu.rdl.model.Field;
import dev.openppu.rdl.model.Value;
import dev.openppu.rdl.source.Diagnostics;
import dev.openppu.rdl.source.Warning;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the standard asks of the other end of a field's reference: its width, its presence, and that it says something. */
final class ReferenceChecks {

    /** Each of these is a wire of one bit. */
    private static final Set<String> ONE_BIT = Set.of("swwe", "swwel", "we", "wel", "hwclr", "hwset", "incr", "decr", "resetsignal");
    /** Each of these has a bit for every bit of the field. */
    private static final Set<String> BIT_FOR_BIT = Set.of("next", "reset", "enable", "mask", "haltenable", "haltmask", "hwenable", "hwmask",
            "saturate", "incrsaturate", "decrsaturate", "threshold", "incrthreshold", "decrthreshold");
    private static final Set<String> NO_WIDER = Set.of("incrvalue", "decrvalue");
    /** Properties whose value, and so whose wire, only exists where it was given. */
    private static final Set<String> ONLY_WHERE_GIVEN = Set.of("reset", "we", "wel", "swwe", "swwel", "incrthreshold", "decrthreshold",
            "threshold", "enable", "mask", "haltenable", "haltmask", "hwenable", "hwmask", "next");
    /** Two names for one property, and two senses of one wire. */
    private static final Map<String, String> SAME = Map.of("threshold", "incrthreshold", "incrthreshold", "threshold", "we", "wel", "wel",
            "we", "swwe", "swwel", "swwel", "swwe");
    private static final Set<String> OF_COUNTERS = Set.of("incr", "decr", "overflow", "underflow", "saturate", "incrsaturate",
            "decrsaturate");

    private final Diagnostics diagnostics;
    private final Field field;
    private final Instance instance;
    private final ReferenceCircles circles;

    ReferenceChecks(Diagnostics diagnostics, Field field, Instance instance, ReferenceCircles circles) {
        this.diagnostics = diagnostics;
        this.field = field;
        this.instance = instance;
        this.circles = circles;
    }

    void check(List<ReferenceBinder.Use> uses) {
        for (ReferenceBinder.Use use : uses) {
            if (!use.target().isPresent()) {
                error(use, "'" + use.reference() + "' is not present (ispresent = false)");
            } else if (use.reference().property() != null) {
                checkProperty(use, use.reference().property());
                checkCircle(use, use.reference().property());
            } else if (!use.target().component().kind().isAddressable()) {
                checkItself(use);
                checkWidth(use);
                checkReset(use);
            }
        }
    }

    private void checkItself(ReferenceBinder.Use use) {
        boolean self = use.target().component() == instance.component() && use.target().name().equals(instance.name());
        if (self && (use.property().equals("next") || use.property().equals("reset"))) {
            error(use, "'" + use.property() + "' of field '" + field.name() + "' refers to the field itself");
        }
        if (use.property().equals("resetsignal") && !hasPolarity(use.target().component())) {
            diagnostics.warning(Warning.WITHOUT_POLARITY, use.span(), "signal '" + use.target().name()
                    + "' resets, but is neither activehigh nor activelow", use.target().span(), "it is instantiated here");
        }
    }

    static boolean hasPolarity(Component signal) {
        return signal.assignments().containsKey("activehigh") || signal.assignments().containsKey("activelow");
    }

    private void checkWidth(ReferenceBinder.Use use) {
        int width = use.target().width();
        if (ONE_BIT.contains(use.property()) && width != 1) {
            error(use, "'" + use.property() + "' is one bit, but '" + use.reference() + "' has " + width);
        } else if (BIT_FOR_BIT.contains(use.property()) && width != field.width()) {
            error(use, "'" + use.property() + "' goes bit for bit: field '" + field.name() + "' has " + field.width() + " bits, but '"
                    + use.reference() + "' has " + width);
        } else if (NO_WIDER.contains(use.property()) && width > field.width()) {
            error(use, "'" + use.property() + "' takes no more than the " + field.width() + " bits of the counter, but '" + use.reference()
                    + "' has " + width);
        }
    }

    private void checkProperty(ReferenceBinder.Use use, String property) {
        Component target = use.target().component();
        PropertyRule rule = StandardProperties.find(property);
        boolean given = isGiven(target, property) || SAME.containsKey(property) && isGiven(target, SAME.get(property));
        if (rule != null && target.kind() == ComponentKind.FIELD && !given) {
            if (OF_COUNTERS.contains(property) && !target.assignments().containsKey("counter")) {
                error(use, "'" + use.reference() + "' leads nowhere: '" + use.target().name() + "' is no counter");
            } else if (ONLY_WHERE_GIVEN.contains(property)) {
                error(use, "'" + use.reference() + "' leads nowhere: '" + property + "' is not assigned there");
            }
        }
    }

    private void checkCircle(ReferenceBinder.Use use, String property) {
        if (circles.closes(instance.component(), use.property(), use.target().component(), property)) {
            error(use, "'" + use.property() + "' of field '" + field.name() + "' refers to itself by way of '" + use.reference() + "'");
        }
    }

    private void checkReset(ReferenceBinder.Use use) {
        if (use.property().equals("reset") && use.target().component() != instance.component()) {
            checkCircle(use, "reset");
        }
    }

    private static boolean isGiven(Component target, String property) {
        Assignment assignment = target.assignments().get(property);
        return assignment != null && !assignment.value().equals(Value.Flag.FALSE);
    }

    private void error(ReferenceBinder.Use use, String message) {
        diagnostics.error(use.span(), message, use.target().span(), "'" + use.target().name() + "' is instantiated here");
    }
}
