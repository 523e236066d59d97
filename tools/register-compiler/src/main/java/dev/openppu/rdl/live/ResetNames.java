package dev.openppu.rdl.live;

import dev.openppu.rdl.model.AddressMap;
import dev.openppu.rdl.model.Addressable;
import dev.openppu.rdl.model.Block;
import dev.openppu.rdl.model.Field;
import dev.openppu.rdl.model.Node;
import dev.openppu.rdl.model.Register;
import dev.openppu.rdl.model.Signal;
import dev.openppu.rdl.model.Value;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which signals of a map reset something. Does not change. */
final class ResetNames {

    private final AddressMap map;
    private final @Nullable String defaultSignal;
    private final Set<String> named = new HashSet<>();
    private boolean hasInnerDefaults;

    ResetNames(AddressMap map) {
        this.map = map;
        this.defaultSignal = defaultSignal(map);
        collect(map);
    }

    /** The signal with {@code field_reset}, else the one with {@code cpuif_reset}, else null. */
    private static @Nullable String defaultSignal(AddressMap map) {
        String forFields = signalWith(map, "field_reset");
        return forFields != null ? forFields : signalWith(map, "cpuif_reset");
    }

    /** The first signal in {@code node} itself that has {@code property}, or null. */
    static @Nullable String signalWith(Node node, String property) {
        return signals(node).filter(signal -> signal.properties().is(property)).map(Signal::name).findFirst().orElse(null);
    }

    private static Stream<Signal> signals(Node node) {
        return switch (node) {
            case Block block -> block.signals();
            case Register register -> register.signals().stream();
            default -> Stream.empty();
        };
    }

    private void collect(Addressable node) {
        if (node != map) {
            signals(node).filter(ResetNames::isDefaultOfItsScope).forEach(signal -> {
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
            block.children().stream().filter(Addressable.class::isInstance).map(Addressable.class::cast).forEach(this::collect);
        }
    }

    private static boolean isDefaultOfItsScope(Signal signal) {
        return signal.properties().is("field_reset") || signal.properties().is("cpuif_reset");
    }

    /** Whether {@code signal} resets anything. */
    boolean isReset(Signal signal) {
        return names(signal.name()) || isDefault(signal.name()) || isDefaultOfItsScope(signal);
    }

    /** Whether it is the name of the whole map's default reset. */
    boolean isDefault(String name) {
        return name.equals(defaultSignal);
    }

    /** Whether some field, or some scope within the map, names it. */
    boolean names(String name) {
        return named.contains(name);
    }

    /** Whether some scope within the map has a default reset of its own. */
    boolean hasInnerDefaults() {
        return hasInnerDefaults;
    }
}
