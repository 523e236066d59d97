package dev.openppu.cli.command;

import dev.openppu.cli.register.RegisterPort;
import dev.openppu.hal.DeviceLink;

/**
 * A device that registers can be asked of.
 *
 * @param link its link
 * @param end  closes everything that was opened
 */
record OpenDevice(DeviceLink link, Runnable end) implements AutoCloseable {

    RegisterPort registers() {
        return new RegisterPort(link::bar);
    }

    @Override
    public void close() {
        end.run();
    }
}
