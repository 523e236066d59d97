package dev.openppu.cli.command;

import dev.openppu.cli.register.RegisterPort;
import dev.openppu.hal.DeviceLink;

/** A device that registers can be asked of, with what must be closed after it. */
record OpenDevice(DeviceLink link, AutoCloseable whole) implements AutoCloseable {

    RegisterPort registers() {
        return new RegisterPort(link::bar);
    }

    @Override
    public void close() {
        try {
            whole.close();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
