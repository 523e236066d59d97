package dev.openppu.harness.sim;

import dev.openppu.harness.sim.work.Operation;
import dev.openppu.model.fault.Strike;
import java.util.List;

/**
 * A fault that has struck, and what the host was at.
 *
 * @param during what was under way when it struck, in the order of {@link Operation#all}: of several tenants usually several
 */
public record Scene(Strike strike, List<String> during) {
    public Scene {
        during = List.copyOf(during);
    }
}
