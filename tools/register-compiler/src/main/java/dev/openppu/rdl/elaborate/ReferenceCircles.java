package dev.openppu.rdl.elaborate;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds properties that refer to each other in a circle, so that nothing ever gives them a value. */
final class ReferenceCircles {

    private record Wire(Component component, String property) {}

    /** Two names for one property, and two senses of one wire, by the name that stands for both. */
    private static final Map<String, String> SAME = Map.of("wel", "we", "swwel", "swwe", "threshold", "incrthreshold", "saturate",
            "incrsaturate");

    private final Map<Wire, Wire> follows = new HashMap<>();

    /** Notes that a property of {@code from} takes what one of {@code to} says; whether that closes a circle, which is not noted then. */
    boolean closes(Component from, String property, Component to, String source) {
        Wire start = wire(from, property);
        Wire next = wire(to, source);
        for (@Nullable
        Wire wire = next; wire != null; wire = follows.get(wire)) {
            if (wire.equals(start)) {
                return true;
            }
        }
        follows.put(start, next);
        return false;
    }

    private static Wire wire(Component component, String property) {
        return new Wire(component, SAME.getOrDefault(property, property));
    }
}
