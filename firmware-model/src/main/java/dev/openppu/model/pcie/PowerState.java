package dev.openppu.model.pcie;

import dev.openppu.hal.pci.PciRegister.PowerManagement;
import dev.openppu.model.sim.World;
import java.util.function.LongSupplier;

/**
 * The function's power state (5.3): D0 and D3hot. In D3hot only config space answers and nothing is sent. The way back to D0 takes a while, and keeps the function's
 * context (No Soft Reset). D1 and D2 are not supported: a write of either is ignored (7.5.2.2).
 */
final class PowerState {
    private static final int REGISTER = FunctionConfig.POWER + PowerManagement.CONTROL_STATUS;

    private final World world;
    private final ConfigBytes config;
    private final LongSupplier recoveryNanos;
    private final Runnable onRecovered;
    private int state;
    private boolean recovering;
    private int transitions;

    PowerState(World world, ConfigBytes config, LongSupplier recoveryNanos, Runnable onRecovered) {
        this.world = world;
        this.config = config;
        this.recoveryNanos = recoveryNanos;
        this.onRecovered = onRecovered;
    }

    /** In D0, and back in it for long enough. */
    boolean operational() {
        return state == PowerManagement.D0 && !recovering;
    }

    void configWritten() {
        int wanted = config.read(REGISTER, 2) & PowerManagement.POWER_STATE_MASK;
        if (wanted != PowerManagement.D0 && wanted != PowerManagement.D3HOT) {
            config.replace(REGISTER, 2, PowerManagement.POWER_STATE_MASK, state);
        } else if (wanted != state) {
            enter(wanted);
        }
    }

    private void enter(int wanted) {
        state = wanted;
        int transition = ++transitions;
        recovering = wanted == PowerManagement.D0;
        if (recovering) {
            world.after(recoveryNanos.getAsLong(), "d0-recovered", () -> recovered(transition));
        }
        if (world.trace().on()) {
            world.trace().record("pcie", "power", wanted == PowerManagement.D0 ? "D0" : "D3hot");
        }
    }

    private void recovered(int transition) {
        if (transition == transitions) {
            recovering = false;
            onRecovered.run();
        }
    }

    void reset() {
        transitions++;
        state = PowerManagement.D0;
        recovering = false;
    }
}
