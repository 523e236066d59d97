package dev.openppu.model.census;

import dev.openppu.abi.reg.Engine;
import dev.openppu.hal.ResetKind;
import java.util.Locale;

/** Resets by what they reset, mildest first. */
public enum DeviceReset {
    QUEUE, COPY0, COPY1, COMPUTE, FUNCTION_LEVEL, SECONDARY_BUS, COLD;

    static DeviceReset of(Engine engine) {
        return switch (engine) {
            case COPY0 -> COPY0;
            case COPY1 -> COPY1;
            default -> COMPUTE;
        };
    }

    static DeviceReset of(ResetKind kind) {
        return switch (kind) {
            case FUNCTION_LEVEL -> FUNCTION_LEVEL;
            case SECONDARY_BUS -> SECONDARY_BUS;
            case COLD -> COLD;
        };
    }

    /** As it is written in reports: {@code function-level}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
