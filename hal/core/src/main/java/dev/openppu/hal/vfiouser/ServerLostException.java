package dev.openppu.hal.vfiouser;

import dev.openppu.hal.LinkException;

/** The process that serves the device is gone, has stopped, or broke the protocol: the device is lost; close the link and open another. */
public final class ServerLostException extends LinkException {
    private static final long serialVersionUID = 1L;

    private final String why;

    /**
     * @param name of the link
     * @param why a clause
     */
    ServerLostException(String name, String why) {
        super("%s: the device is lost: %s; close the link and open it again when it is served again".formatted(name, why));
        this.why = why;
    }

    /** What became of the server, a clause. */
    public String why() {
        return why;
    }
}
