package dev.openppu.rdl.live;

import dev.openppu.rdl.model.AddressMap;
import dev.openppu.rdl.model.Signal;
import org.jspecify.annotations.Nullable;

/** Which signal resets the fields that name none. */
final class DefaultReset {

    private DefaultReset() {}

    /** The signal with {@code field_reset}, else the one with {@code cpuif_reset}, else null. */
    static @Nullable String signalOf(AddressMap map) {
        String forFields = named(map, "field_reset");
        return forFields != null ? forFields : named(map, "cpuif_reset");
    }

    private static @Nullable String named(AddressMap map, String property) {
        return map.signals().filter(signal -> signal.properties().is(property)).map(Signal::name).findFirst().orElse(null);
    }
}
