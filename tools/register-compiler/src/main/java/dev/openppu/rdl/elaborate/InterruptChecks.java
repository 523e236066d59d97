package dev.openppu.rdl.elaborate;

import dev.openppu.rdl.model.Field;
import dev.openppu.rdl.source.Diagnostics;
import java.util.List;

/** What the standard's section 9.9 forbids: interrupts wired where none is, and sticky fields that nothing can set. */
final class InterruptChecks {

    private static final List<String> OF_INTERRUPTS = List.of("enable", "mask", "haltenable", "haltmask");

    private final Diagnostics diagnostics;
    private final Field field;
    private final Instance instance;

    InterruptChecks(Diagnostics diagnostics, Field field, Instance instance) {
        this.diagnostics = diagnostics;
        this.field = field;
        this.instance = instance;
    }

    void check() {
        for (String property : OF_INTERRUPTS) {
            if (field.properties().has(property) && !field.isInterrupt()) {
                error(property, "'" + property + "' needs an interrupt field (intr)");
            }
        }
        for (String property : List.of("sticky", "stickybit")) {
            if (field.properties().is(property)) {
                checkSticky(property);
            }
        }
        String edge = field.properties().keyword(PropertyAssigner.INTERRUPT_TYPE, "level");
        if (field.properties().is("sticky") && field.isInterrupt() && !edge.equals("level")) {
            error("sticky", "'sticky' holds a level, but the interrupt is '" + edge + "'; 'stickybit' holds each bit's edge");
        }
    }

    private void checkSticky(String property) {
        if (!field.hw().canWrite()) {
            error(property, "'" + property + "' needs a field that hardware can write");
        }
        for (String loading : List.of("we", "wel")) {
            if (field.properties().is(loading)) {
                error(loading, "'" + loading + "' and '" + property + "' both decide when hardware loads the field");
            }
        }
    }

    private void error(String property, String message) {
        diagnostics.error(ModelBuilder.spanOf(instance.component(), property), message, instance.span(),
                "for field '" + field.name() + "'");
    }
}
