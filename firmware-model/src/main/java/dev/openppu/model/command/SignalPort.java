package dev.openppu.model.command;

import dev.openppu.abi.packet.Signal;
import dev.openppu.abi.reg.Engine;
import dev.openppu.model.memory.Translation;
import dev.openppu.model.memory.VirtualPort;
import org.jspecify.annotations.Nullable;

/**
 * The command processor's way to what packets name: completion signals, and the values that are waited for and written.
 *
 * <p>Packets that complete one after the other in one step often name the same signal. The first decrement goes to memory at once; those behind it are counted here, and go there together
 * before anything else is accessed, before an engine gets work, and when the step ends: nobody sees memory behind what the packets say.
 */
final class SignalPort {
    private static final long NONE = 0;

    private final VirtualPort port;
    private long signal = NONE;
    private int context;
    private long value;
    private boolean behind;
    private @Nullable WorkFault lost;

    SignalPort(VirtualPort port) {
        this.port = port;
    }

    /** Why the last access failed, or where it ended. */
    Translation fault() {
        return port.fault();
    }

    /** Subtracts one from a signal now, and may join later ones to it until {@link #endStep}. */
    boolean join(int inContext, long address) {
        if (address == signal && inContext == context) {
            value--;
            behind = true;
            return true;
        }
        if (!decrement(inContext, address)) {
            return false;
        }
        signal = address;
        context = inContext;
        value = port.loaded() - 1;
        return true;
    }

    /** Subtracts one from a signal. */
    boolean decrement(int inContext, long address) {
        forget();
        return port.decrement(inContext, address);
    }

    /** As {@link VirtualPort#load}. */
    boolean load(int inContext, long address, int width) {
        flush();
        return port.load(inContext, address, width);
    }

    /** The value of the last {@link #load}. */
    long loaded() {
        return port.loaded();
    }

    /** As {@link VirtualPort#store}. */
    boolean store(int inContext, long address, int width, long newValue) {
        forget();
        return port.store(inContext, address, width, newValue);
    }

    /** What was joined goes to memory. */
    void flush() {
        if (behind) {
            behind = false;
            if (!port.store(context, signal, Signal.BYTES, value)) {
                lost = WorkFault.operand(Engine.CP, port.fault());
            }
        }
    }

    /** The step has ended; returns what kept joined decrements from memory that the first of them had reached, null for nothing. */
    @Nullable
    WorkFault endStep() {
        forget();
        WorkFault fault = lost;
        lost = null;
        return fault;
    }

    private void forget() {
        flush();
        signal = NONE;
    }
}
