package dev.openppu.model.sim;

import dev.openppu.hal.LinkException;

/**
 * Nothing happens any more: every host thread waits for ever and the device has nothing left to do, and the message names each waiter; or the one that runs waits for a monitor of another one, and
 * the message names it.
 */
public final class SimulationDeadlockException extends LinkException {
    private static final long serialVersionUID = 1L;

    SimulationDeadlockException(String message) {
        super(message);
    }
}
