package dev.openppu.rdl.live;

import dev.openppu.rdl.live.Source.Reduction;
import dev.openppu.rdl.model.Field;
import dev.openppu.rdl.model.Register;
import dev.openppu.rdl.model.Signal;
import dev.openppu.rdl.model.Value;
import dev.openppu.rdl.path.LocatedNode;
import dev.openppu.rdl.path.Locator;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** Finds what a field's properties refer to, for one instance of the field. */
final class Inputs {

    private final Locator locator;
    private final Cells cells;
    private final Signals signals;
    private final Wiring wiring;

    Inputs(Locator locator, Cells cells, Signals signals, Wiring wiring) {
        this.locator = locator;
        this.cells = cells;
        this.signals = signals;
        this.wiring = wiring;
    }

    /**
     * What a property of a field follows: a reference, a number, or, as a mere flag, a wire of its own. Null where it is not given.
     *
     * @param register the field's register
     */
    @Nullable
    Source of(LocatedNode register, Field field, String property) {
        return switch (field.properties().get(property)) {
            case Value.Reference reference -> resolve(register, reference);
            case Value.Num(BigInteger number) -> new Source.Constant(number);
            case Value.Flag(boolean on) when on -> wiring.field(register, field).pin(property);
            case null, default -> null;
        };
    }

    /** What a property of a field refers to; null where it is no reference. */
    @Nullable
    Source reference(LocatedNode register, Field field, String property) {
        Value.Reference reference = field.properties().reference(property);
        return reference == null ? null : resolve(register, reference);
    }

    /** The place that a reference leads to which a field of {@code register} holds. */
    @Nullable
    LocatedNode target(LocatedNode register, Value.Reference reference) {
        LocatedNode anchor = register;
        for (int up = 1; up < reference.up() && anchor.parent() != null; up++) {
            anchor = anchor.parent();
        }
        return locator.follow(anchor, reference.steps()).orElse(null);
    }

    private @Nullable Source resolve(LocatedNode register, Value.Reference reference) {
        LocatedNode target = target(register, reference);
        if (target == null) {
            return null;
        }
        return switch (target.node()) {
            case Signal _ -> signals.of(target);
            case Field field -> ofField(target, field, reference.property());
            case Register _ -> {
                InterruptLine line = cells.of(target)[0].store.line;
                yield line == null ? null : new Source.OfLine(line, "halt".equals(reference.property()));
            }
            default -> null;
        };
    }

    private @Nullable Source ofField(LocatedNode target, Field field, @Nullable String property) {
        LocatedNode register = target.register();
        if (register == null) {
            return null;
        }
        return switch (property) {
            case null -> new Source.OfField(wiring.bits(register, field));
            case "anded" -> new Source.OfReduction(wiring.bits(register, field), Reduction.ANDED);
            case "ored" -> new Source.OfReduction(wiring.bits(register, field), Reduction.ORED);
            case "xored" -> new Source.OfReduction(wiring.bits(register, field), Reduction.XORED);
            case "swmod", "swacc" -> wiring.strobe(register, field, property);
            case "overflow", "underflow" -> wiring.field(register, field).pin(property);
            case "threshold", "incrthreshold" -> limit(register, field, "threshold", "incrthreshold", false);
            case "decrthreshold" -> limit(register, field, property, property, true);
            case "saturate", "incrsaturate" -> limit(register, field, "saturate", "incrsaturate", false);
            case "decrsaturate" -> limit(register, field, property, property, true);
            default -> of(register, field, property);
        };
    }

    private @Nullable Source limit(LocatedNode register, Field field, String property, String synonym, boolean falling) {
        Source limit = limit(register, field, property, synonym, falling ? BigInteger.ZERO : field.ones());
        return limit == null ? null : new Source.OfThreshold(wiring.bits(register, field), limit, falling);
    }

    /** A limit of a counter: a number, a reference, or, as a mere flag, {@code extreme}; null where it has none. */
    @Nullable
    Source limit(LocatedNode register, Field field, String property, String synonym, BigInteger extreme) {
        String given = field.properties().has(property) ? property : synonym;
        return Value.Flag.TRUE.equals(field.properties().get(given)) ? new Source.Constant(extreme) : of(register, field, given);
    }
}
