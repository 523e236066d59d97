package dev.openppu.harness.registers;

import dev.openppu.harness.bench.Bench;
import java.util.Optional;

/** Which registers of a map the device at hand has. */
@FunctionalInterface
public interface Presence {
    /** All of them. */
    Presence ALL = (bench, bar, path) -> Optional.empty();

    /** Why a register is absent, or empty if it is there. */
    Optional<String> absent(Bench bench, int bar, String path);
}
