package dev.openppu.rdl.live;

import dev.openppu.rdl.model.Value;
import dev.openppu.rdl.path.LocatedNode;
import dev.openppu.rdl.path.Locator;
import org.jspecify.annotations.Nullable;

/** Reset values, by the signal that brings them about. */
final class ResetDomains {

    private final Cells cells;
    private final Locator locator;
    private final Inputs inputs;
    private final ResetNames names;

    ResetDomains(Blueprint blueprint, Cells cells, Inputs inputs) {
        this.cells = cells;
        this.locator = blueprint.locator();
        this.inputs = inputs;
        this.names = blueprint.resets();
    }

    /** Gives a cell all its reset values. */
    static void powerOn(Cell cell) {
        cell.spent = 0;
        for (WordBehaviour.Reset reset : cell.behaviour.resets) {
            apply(cell, reset);
        }
    }

    private static void apply(Cell cell, WordBehaviour.Reset reset) {
        cell.value = cell.value & ~reset.mask() | reset.value();
        cell.spent &= ~reset.mask();
    }

    /** Gives every cell all its reset values. */
    void resetAll() {
        cells.created().forEach(ResetDomains::powerOn);
    }

    /** Resets the fields of {@code signal}, a name or a full path; one that no field names stands for the default reset. */
    void reset(String signal) {
        for (Cell cell : cells.created()) {
            for (WordBehaviour.Reset reset : cell.behaviour.resets) {
                if (resets(signal, cell, reset.signal())) {
                    apply(cell, reset);
                }
            }
        }
    }

    /** Whether {@code signal} resets the fields in {@code cell} whose {@code resetsignal} is {@code own}, null where they have none. */
    boolean resets(String signal, Cell cell, Value.@Nullable Reference own) {
        String name = signal.substring(signal.lastIndexOf('.') + 1);
        if (own != null && !names.isDefault(own.steps().getLast().name())) {
            return name.equals(own.steps().getLast().name()) && isAt(cell, own, signal);
        }
        String inner = own == null && names.hasInnerDefaults() ? innerDefault(cell) : null;
        if (inner != null) {
            return signal.equals(inner) || signal.equals(name) && inner.endsWith("." + name);
        }
        boolean isDefault = names.isDefault(name) && (signal.equals(name) || signal.equals(locator.root().path() + "." + name));
        return isDefault || !names.names(name);
    }

    /** The path of the reset signal that stands nearest around {@code cell}; null where that is the whole map's, or none. */
    private @Nullable String innerDefault(Cell cell) {
        for (LocatedNode node : locator.at(cell.start)) {
            if (node.node() == cell.behaviour.register) {
                String forFields = nearest(node, "field_reset");
                boolean atTop = forFields == null && ResetNames.signalWith(locator.root().node(), "field_reset") != null;
                return forFields != null || atTop ? forFields : nearest(node, "cpuif_reset");
            }
        }
        return null;
    }

    private static @Nullable String nearest(LocatedNode from, String property) {
        for (LocatedNode node = from; node.parent() != null; node = node.parent()) {
            String signal = ResetNames.signalWith(node.node(), property);
            if (signal != null) {
                return node.path() + "." + signal;
            }
        }
        return null;
    }

    /** Whether a reference that a field of {@code cell} holds leads to {@code signal}; a mere name is any signal of that name. */
    private boolean isAt(Cell cell, Value.Reference reference, String signal) {
        if (signal.indexOf('.') < 0) {
            return true;
        }
        for (LocatedNode node : locator.at(cell.start)) {
            if (node.node() == cell.behaviour.register) {
                LocatedNode target = inputs.target(node, reference);
                return target != null && (target.path().equals(signal) || target.path().equals(locator.root().path() + "." + signal));
            }
        }
        return false;
    }
}
