package dev.openppu.cli.register;

import dev.openppu.hal.mmio.Mmio;
import dev.openppu.hal.mmio.SizedAccess;

import java.util.function.IntFunction;

/**
 * Accesses registers by what the elaborated map says of them, each in one access of its width. For one thread.
 *
 * @param bars the device's BARs by index
 */
public record RegisterPort(IntFunction<Mmio> bars) {

    /** The register's value, 32-bit ones without sign. */
    public long read(LocatedRegister register) {
        return SizedAccess.read(bars.apply(register.bar()), register.offset(), bytes(register));
    }

    public void write(LocatedRegister register, long value) {
        SizedAccess.write(bars.apply(register.bar()), register.offset(), bytes(register), value);
    }

    private static int bytes(LocatedRegister register) {
        if (register.bytes() > Long.BYTES) {
            throw new IllegalStateException(register.path() + " is " + register.register().width() + " bits wide; no access is as wide");
        }
        return register.bytes();
    }
}
