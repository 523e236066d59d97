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

/** What the standard's chapter 9 forbids in one field. */
final class FieldChecks {

    private static final List<String> HARDWARE_CHANGES = List.of("hwset", "hwclr", "next");

    private final Diagnostics diagnostics;
    private final Field field;
    private final Instance instance;
    private final boolean external;
    private final boolean alias;

    /**
     * @param external whether the field's register is external
     * @param alias    whether it is an alias, which shows what another register holds
     */
    FieldChecks(Diagnostics diagnostics, Field field, Instance instance, boolean external, boolean alias) {
        this.diagnostics = diagnostics;
        this.field = field;
        this.instance = instance;
        this.external = external;
        this.alias = alias;
    }

    void check() {
        checkReset();
        checkKnown();
        checkEncoding();
        checkAccess();
        checkSinglePulse();
        checkPulses();
        checkTestMasks();
        new CounterChecks(diagnostics, field, instance).check();
        new InterruptChecks(diagnostics, field, instance).check();
    }

    private Span at(String property) {
        return ModelBuilder.spanOf(instance.component(), property);
    }

    /** Whether the field's own description asks for {@code property}: a default around it is meant for the fields it can serve. */
    private boolean asksFor(String property) {
        Assignment assignment = instance.component().assignments().get(property);
        return properties().is(property) && (assignment == null || !assignment.byDefault());
    }

    private void error(String property, String message) {
        diagnostics.error(at(property), message, instance.span(), "for field '" + field.name() + "'");
    }

    private void checkReset() {
        BigInteger reset = field.reset();
        if (reset != null && reset.bitLength() > field.width()) {
            diagnostics.error(at("reset"),
                    "reset value " + Expressions.describe(reset) + " does not fit the " + field.width() + " bits of field '" + field.name()
                            + "'");
        }
    }

    private void checkKnown() {
        if (field.properties().has("reset") || !field.sw().canRead() || alias) {
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

    /** The standard's table 12, and what stands on a field that cannot have it. */
    private void checkAccess() {
        Access sw = field.sw();
        Access hw = field.hw();
        if (hw.once()) {
            error("hw", "hw=" + word(hw) + " makes no sense: writing once is for software");
        } else if (sw.canWrite() && !sw.canRead() && hw == Access.W) {
            diagnostics.error(instance.span(),
                    "software only writes field '" + field.name() + "' and hardware cannot read it: " + access());
        } else if (sw.canWrite() && !sw.canRead() && hw == Access.NA && !properties().is("swmod") && !properties().is("swacc")) {
            diagnostics.warning(Warning.WITHOUT_EFFECT, instance.span(), "nobody reads field '" + field.name() + "': " + access());
        } else if (sw == Access.NA && (hw == Access.NA || hw == Access.W)) {
            diagnostics.error(instance.span(), "nobody reads field '" + field.name() + "', and software cannot reach it: " + access());
        } else if (sw == Access.NA) {
            diagnostics.warning(Warning.OUT_OF_REACH, instance.span(), "software cannot reach field '" + field.name() + "': " + access());
        }
        checkSideEffects();
        checkLocks();
    }

    private String access() {
        return "sw=" + word(field.sw()) + ", hw=" + word(field.hw());
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private Properties properties() {
        return field.properties();
    }

    private void checkSideEffects() {
        if (field.onRead() != OnRead.NONE && !field.sw().canRead()) {
            error("onread", "a read side effect needs a field that software can read");
        }
        if (field.onWrite() != OnWrite.NONE && !field.sw().canWrite()) {
            error("onwrite", "a write side effect needs a field that software can write");
        }
        if (!external && (field.onRead() == OnRead.RUSER || field.onWrite() == OnWrite.WUSER)) {
            String property = field.onRead() == OnRead.RUSER ? "onread" : "onwrite";
            error(property, "'" + properties().keyword(property, "") + "' needs an external register: nobody else knows what it does");
        }
    }

    private void checkLocks() {
        for (String loading : List.of("we", "wel")) {
            if (properties().is(loading) && !field.hw().canWrite()) {
                error(loading, "'" + loading + "' needs a field that hardware can write");
            }
        }
        for (String locking : List.of("swwe", "swwel")) {
            if (asksFor(locking) && !field.sw().canWrite()) {
                diagnostics.warning(Warning.WITHOUT_EFFECT, at(locking), "'" + locking + "' locks field '" + field.name()
                        + "', which software cannot write anyway");
            }
        }
        if (properties().has("next") && !field.hw().canWrite()) {
            error("next", "'next' needs a field that hardware can write");
        }
    }

    private void checkSinglePulse() {
        if (!field.isSinglePulse()) {
            return;
        }
        BigInteger reset = field.reset();
        if (field.width() != 1 || reset == null || reset.signum() != 0) {
            error("singlepulse", "a single-pulse field has one bit, and its reset value is given as 0");
        }
        if (!field.sw().canWrite()) {
            error("singlepulse", "a single-pulse field must be one that software can write");
        }
        if (field.onWrite() == OnWrite.WOCLR || field.onWrite() == OnWrite.WCLR) {
            error("singlepulse", "a write of '" + word(field.onWrite()) + "' cannot start the pulse");
        }
    }

    private void checkPulses() {
        boolean changes = field.sw().canWrite() || field.onRead() != OnRead.NONE;
        if (asksFor("swmod") && !changes) {
            diagnostics.warning(Warning.WITHOUT_EFFECT, at("swmod"), "'swmod' never happens: software cannot change field '"
                    + field.name() + "'");
        }
    }

    /** {@code donttest} and {@code dontcompare}: booleans or masks that fit and do not meet. */
    private void checkTestMasks() {
        BigInteger untested = mask("donttest");
        BigInteger uncompared = mask("dontcompare");
        if (untested.and(uncompared).signum() != 0) {
            error("dontcompare", "a bit has either 'donttest' or 'dontcompare'");
        }
    }

    private BigInteger mask(String property) {
        return switch (properties().get(property)) {
            case Value.Flag(boolean flag) when flag -> field.ones();
            case Value.Num(BigInteger mask) -> {
                if (mask.bitLength() > field.width()) {
                    error(property, "the mask of '" + property + "' has more than the " + field.width() + " bits of the field");
                }
                yield mask;
            }
            case null, default -> BigInteger.ZERO;
        };
    }
}
