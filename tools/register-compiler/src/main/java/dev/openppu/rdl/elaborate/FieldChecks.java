package dev.openppu.rdl.elaborate;

import dev.openppu.rdl.model.Access;
import dev.openppu.rdl.model.EnumType;
import dev.openppu.rdl.model.Field;
import dev.openppu.rdl.model.OnRead;
import dev.openppu.rdl.model.OnWrite;
import dev.openppu.rdl.model.Properties;
import dev.openppu.rdl.model.Value;
import dev.openppu.rdl.source.Diagnostics;
import dev.openppu.rdl.source.Span;
import dev.openppu.rdl.source.Warning;
import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What the standard's chapter 9 forbids in one field. */
final class FieldChecks {

    private static final List<String> OF_COUNTERS = List.of("saturate", "incrsaturate", "decrsaturate", "threshold", "incrthreshold",
            "decrthreshold", "incr", "decr", "incrvalue", "decrvalue", "incrwidth", "decrwidth", "overflow", "underflow");
    private static final List<String> OF_INTERRUPTS = List.of("enable", "mask", "haltenable", "haltmask");
    private static final List<String> HARDWARE_CHANGES = List.of("hwset", "hwclr", "next");
    private static final Set<String> LIMITS = Set.of("saturate", "incrsaturate", "decrsaturate", "threshold", "incrthreshold",
            "decrthreshold", "incrvalue", "decrvalue");

    private final Diagnostics diagnostics;
    private final Field field;
    private final Instance instance;

    FieldChecks(Diagnostics diagnostics, Field field, Instance instance) {
        this.diagnostics = diagnostics;
        this.field = field;
        this.instance = instance;
    }

    void check() {
        checkReset();
        checkKnown();
        checkEncoding();
        checkAccess();
        checkSinglePulse();
        checkCounter();
        checkInterrupt();
    }

    private Span at(String property) {
        return ModelBuilder.spanOf(instance.component(), property);
    }

    private void error(String property, String message) {
        diagnostics.error(at(property), message, instance.span(), "for field '" + field.name() + "'");
    }

    private void checkReset() {
        BigInteger reset = field.reset();
        if (reset != null && reset.bitLength() > field.width()) {
            diagnostics.error(at("reset"),
                    "reset value " + reset + " does not fit the " + field.width() + " bits of field '" + field.name() + "'");
        }
    }

    private void checkKnown() {
        if (field.properties().has("reset") || !field.sw().canRead()) {
            return;
        }
        if (field.sw().canWrite()) {
            diagnostics.warning(Warning.NO_RESET, instance.span(), "field '" + field.name() + "' has no reset value: it is unknown"
                    + " until it is written");
        } else if (!field.hw().canWrite() && !field.isCounter() && !field.isInterrupt() && field.onRead() == OnRead.NONE
                && HARDWARE_CHANGES.stream().noneMatch(field.properties()::is)) {
            diagnostics.warning(Warning.CONSTANT_WITHOUT_VALUE, instance.span(), "software reads field '" + field.name()
                    + "' and nothing writes it, but it has no reset value");
        }
    }

    private void checkEncoding() {
        EnumType type = field.encode();
        if (type != null) {
            type.entries().stream().filter(entry -> entry.value().bitLength() > field.width()).findFirst()
                    .ifPresent(entry -> diagnostics.error(instance.span(), "entry '" + entry.name() + "' of the field's enum is "
                            + entry.value() + ", which does not fit the " + field.width() + " bits of field '" + field.name() + "'"));
        }
    }

    private void checkAccess() {
        Access sw = field.sw();
        Access hw = field.hw();
        if (sw.canWrite() && !sw.canRead() && !hw.canRead()) {
            diagnostics.error(instance.span(), "software only writes field '" + field.name() + "' and hardware cannot read it: sw="
                    + sw.name().toLowerCase(Locale.ROOT) + ", hw=" + hw.name().toLowerCase(Locale.ROOT));
        }
        if (field.onRead() != OnRead.NONE && !sw.canRead()) {
            error("onread", "a read side effect needs a field that software can read");
        }
        if (field.onWrite() != OnWrite.NONE && !sw.canWrite()) {
            error("onwrite", "a write side effect needs a field that software can write");
        }
        Properties properties = field.properties();
        for (String loading : List.of("we", "wel")) {
            if (properties.is(loading) && !hw.canWrite()) {
                error(loading, "'" + loading + "' needs a field that hardware can write");
            }
        }
        for (String locking : List.of("swwe", "swwel")) {
            if (properties.is(locking) && !sw.canWrite()) {
                diagnostics.warning(Warning.WITHOUT_EFFECT, at(locking), "'" + locking + "' locks field '" + field.name()
                        + "', which software cannot write anyway");
            }
        }
    }

    private void checkSinglePulse() {
        if (!field.isSinglePulse()) {
            return;
        }
        BigInteger reset = field.reset();
        if (field.width() != 1 || reset != null && reset.signum() != 0) {
            error("singlepulse", "a single-pulse field has one bit, and resets to 0");
        }
        if (!field.sw().canWrite()) {
            error("singlepulse", "a single-pulse field must be one that software can write");
        }
    }

    private void checkCounter() {
        for (String property : OF_COUNTERS) {
            Value value = field.properties().get(property);
            if (value != null && !value.equals(Value.Flag.FALSE) && !field.isCounter()) {
                error(property, "'" + property + "' needs a counter");
            }
            if (LIMITS.contains(property) && value instanceof Value.Num(BigInteger number) && number.bitLength() > field.width()) {
                error(property, property + " " + number + " does not fit the " + field.width() + " bits of the counter");
            }
        }
    }

    private void checkInterrupt() {
        for (String property : OF_INTERRUPTS) {
            if (field.properties().has(property) && !field.isInterrupt()) {
                error(property, "'" + property + "' needs an interrupt field (intr)");
            }
        }
    }
}
