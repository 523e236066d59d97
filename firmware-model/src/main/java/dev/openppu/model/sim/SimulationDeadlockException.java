package dev.openppu.model.sim;

import dev.openppu.hal.LinkException;

/** Every host thread waits for ever and the device has nothing left to do: the message names each waiter. */
public final class SimulationDeadlockException extends LinkException {
    private static final long serialVersionUID = 1L;

    SimulationDeadlockException(String message) {
        super(message);
    }
}
