package dev.openppu.rdl.live;

import dev.openppu.rdl.model.AddressMap;
import dev.openppu.rdl.model.Addressable;
import dev.openppu.rdl.model.Block;
import dev.openppu.rdl.model.Field;
import dev.openppu.rdl.model.Register;
import dev.openppu.rdl.model.Signal;
import dev.openppu.rdl.model.Value;
import dev.openppu.rdl.path.LocatedNode;
import dev.openppu.rdl.path.Locator;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reset values, by the signal that brings them about. */
final class ResetDomains {

    private final Cells cells;
    private final Locator locator;
    private final Inputs inputs;
    private final @Nullable String defaultSignal;
    private final Set<String> named = new HashSet<>();

    ResetDomains(AddressMap map, Cells cells, Locator locator, Inputs inputs) {
        this.cells = cells;
        this.locator = locator;
        this.inputs = inputs;
        this.defaultSignal = defaultSignal(map);
        collectNames(map);
    }

    /** The signal with {@code field_reset}, else the one with {@code cpuif_reset}, else null. */
    private static @Nullable String defaultSignal(AddressMap map) {
        String forFields = signalWith(map, "field_reset");
        return forFields != null ? forFields : signalWith(map, "cpuif_reset");
    }

    private static @Nullable String signalWith(AddressMap map, String property) {
        return map.signals().filter(signal -> signal.properties().is(property)).map(Signal::name).findFirst().orElse(null);
    }

    private void collectNames(Addressable node) {
        if (node instanceof Register register) {
            for (Field field : register.fields()) {
                Value.Reference signal = field.properties().reference("resetsignal");
                if (signal != null) {
                    named.add(signal.steps().getLast().name());
                }
            }
        } else if (node instanceof Block block) {
            block.children().stream().filter(Addressable.class::isInstance).map(Addressable.class::cast).forEach(this::collectNames);
        }
    }

    /** Whether {@code signal} resets anything. */
    boolean isReset(Signal signal) {
        return named.contains(signal.name()) || signal.name().equals(defaultSignal) || signal.properties().is("cpuif_reset")
                || signal.properties().is("field_reset");
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
        String ownName = own == null ? null : own.steps().getLast().name();
        if (name.equals(defaultSignal) || !named.contains(name)) {
            return ownName == null || ownName.equals(defaultSignal);
        }
        return own != null && name.equals(ownName) && isAt(cell, own, signal);
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
