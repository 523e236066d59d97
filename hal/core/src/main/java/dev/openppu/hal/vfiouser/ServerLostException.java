package dev.openppu.hal.vfiouser;

import dev.openppu.hal.LinkException;

/** The process that serves the device is gone, has stopped, or broke the protocol: the device is lost; close the link and open another. */
public final class ServerLostException extends LinkException {
    private static final long serialVersionUID = 1L;

    ServerLostException(String message) {
        super(message);
    }
}
