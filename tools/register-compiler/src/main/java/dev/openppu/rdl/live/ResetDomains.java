package dev.openppu.rdl.live;

import dev.openppu.rdl.model.AddressMap;
import dev.openppu.rdl.model.Addressable;
import dev.openppu.rdl.model.Block;
import dev.openppu.rdl.model.Field;
import dev.openppu.rdl.model.Node;
import dev.openppu.rdl.model.Register;
import dev.openppu.rdl.model.Signal;
import dev.openppu.rdl.model.Value;
import dev.openppu.rdl.path.LocatedNode;
import dev.openppu.rdl.path.Locator;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reset values, by the signal that brings them about. */
final class ResetDomains {

    private final Cells cells;
    private final Locator locator;
    private final Inputs inputs;
    private final @Nullable String defaultSignal;
    private final Set<String> named = new HashSet<>();
    private boolean hasInnerDefaults;

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

    private static @Nullable String signalWith(Node node, String property) {
        return signals(node).filter(signal -> signal.properties().is(property)).map(Signal::name).findFirst().orElse(null);
    }

    private static Stream<Signal> signals(Node node) {
        return switch (node) {
            case Block block -> block.signals();
            case Register register -> register.signals().stream();
            default -> Stream.empty();
        };
    }

    private void collectNames(Addressable node) {
        if (node != locator.root().node()) {
            signals(node).filter(ResetDomains::isDefaultOfItsScope).forEach(signal -> {
                named.add(signal.name());
                hasInnerDefaults = true;
            });
        }
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
        return named.contains(signal.name()) || signal.name().equals(defaultSignal) || isDefaultOfItsScope(signal);
    }

    private static boolean isDefaultOfItsScope(Signal signal) {
        return signal.properties().is("field_reset") || signal.properties().is("cpuif_reset");
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
        if (own != null && !own.steps().getLast().name().equals(defaultSignal)) {
            return name.equals(own.steps().getLast().name()) && isAt(cell, own, signal);
        }
        String inner = own == null && hasInnerDefaults ? innerDefault(cell) : null;
        if (inner != null) {
            return signal.equals(inner) || signal.equals(name) && inner.endsWith("." + name);
        }
        boolean isDefault = name.equals(defaultSignal) && (signal.equals(name) || signal.equals(locator.root().path() + "." + name));
        return isDefault || !named.contains(name);
    }

    /** The path of the reset signal that stands nearest around {@code cell}; null where that is the whole map's, or none. */
    private @Nullable String innerDefault(Cell cell) {
        for (LocatedNode node : locator.at(cell.start)) {
            if (node.node() == cell.behaviour.register) {
                String forFields = nearest(node, "field_reset");
                boolean atTop = forFields == null && signalWith(locator.root().node(), "field_reset") != null;
                return forFields != null || atTop ? forFields : nearest(node, "cpuif_reset");
            }
        }
        return null;
    }

    private static @Nullable String nearest(LocatedNode from, String property) {
        for (LocatedNode node = from; node.parent() != null; node = node.parent()) {
            String signal = signalWith(node.node(), property);
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
