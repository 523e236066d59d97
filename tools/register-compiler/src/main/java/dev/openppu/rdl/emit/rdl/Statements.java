package dev.openppu.rdl.emit.rdl;

import dev.openppu.rdl.model.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Property assignments, without what they assign to. */
final class Statements {

    /** An interrupt's kind is no property of its own: it is written before {@code intr}. */
    private static final String INTERRUPT = "intr";
    private static final String INTERRUPT_TYPE = "intr type";
    private static final String NON_STICKY = "nonsticky";

    private Statements() {}

    /** Assignments of the properties {@code names} of {@code part}, the values as {@code view} shows them. */
    static List<String> of(Part part, Set<String> names, UnaryOperator<Value> view) {
        List<String> statements = new ArrayList<>();
        boolean interrupt = false;
        for (String name : names) {
            if (name.equals(INTERRUPT) || name.equals(INTERRUPT_TYPE) || name.equals(NON_STICKY)) {
                interrupt = true;
            } else {
                Value value = part.properties().get(name);
                if (value != null) {
                    statements.add(RdlText.property(name) + " = " + RdlText.value(view.apply(value)) + ";");
                }
            }
        }
        if (interrupt) {
            statements.add(interrupt(part));
        }
        return statements;
    }

    private static String interrupt(Part part) {
        String sticky = Value.Flag.TRUE.equals(part.properties().get(NON_STICKY)) ? NON_STICKY + " " : "";
        String type = part.properties().get(INTERRUPT_TYPE) instanceof Value.Keyword(String word) ? word + " " : "";
        String value = Value.Flag.FALSE.equals(part.properties().get(INTERRUPT)) ? " = false" : "";
        return sticky + type + INTERRUPT + value + ";";
    }
}
