package dev.openppu.rdl.elaborate;

import dev.openppu.rdl.model.Field;
import dev.openppu.rdl.model.Value;
import dev.openppu.rdl.source.Diagnostics;
import dev.openppu.rdl.source.Span;
import dev.openppu.rdl.source.Warning;
import java.math.BigInteger;
import java.util.Set;

/** What the standard's section 9.8 forbids: properties of counters on other fields, and numbers that a counter cannot hold. */
final class CounterChecks {

    private static final Set<String> OF_COUNTERS = Set.of("saturate", "incrsaturate", "decrsaturate", "threshold", "incrthreshold",
            "decrthreshold", "incr", "decr", "incrvalue", "decrvalue", "incrwidth", "decrwidth", "overflow", "underflow");
    private static final Set<String> LIMITS = Set.of("saturate", "incrsaturate", "decrsaturate", "threshold", "incrthreshold",
            "decrthreshold", "incrvalue", "decrvalue");
    private static final Set<String> WIDTHS = Set.of("incrwidth", "decrwidth");

    private final Diagnostics diagnostics;
    private final Field field;
    private final Instance instance;

    CounterChecks(Diagnostics diagnostics, Field field, Instance instance) {
        this.diagnostics = diagnostics;
        this.field = field;
        this.instance = instance;
    }

    void check() {
        field.properties().values().forEach((property, value) -> {
            if (OF_COUNTERS.contains(property) && !value.equals(Value.Flag.FALSE)) {
                check(property, value);
            }
        });
        if (field.isCounter()) {
            checkWrap("overflow", field.properties().is("saturate") ? "saturate" : "incrsaturate");
            checkWrap("underflow", "decrsaturate");
        }
    }

    private void check(String property, Value value) {
        if (!field.isCounter()) {
            error(property, "'" + property + "' needs a counter");
        } else if (value instanceof Value.Num(BigInteger number)) {
            if (LIMITS.contains(property) && number.bitLength() > field.width()) {
                error(property, property + " " + number + " does not fit the " + field.width() + " bits of the counter");
            } else if (WIDTHS.contains(property)
                    && (number.signum() == 0 || number.compareTo(BigInteger.valueOf(field.width())) > 0)) {
                error(property, property + " is " + number + ", but must be from 1 to the counter's width, " + field.width());
            }
        }
    }

    private void checkWrap(String event, String saturation) {
        if (field.properties().is(event) && field.properties().is(saturation)) {
            diagnostics.warning(Warning.WITHOUT_EFFECT, at(event), "'" + event + "' never happens: the counter saturates", at(saturation),
                    "as this says");
        }
    }

    private Span at(String property) {
        return ModelBuilder.spanOf(instance.component(), property);
    }

    private void error(String property, String message) {
        diagnostics.error(at(property), message, instance.span(), "for field '" + field.name() + "'");
    }
}
