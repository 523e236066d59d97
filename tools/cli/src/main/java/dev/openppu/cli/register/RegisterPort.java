package dev.openppu.cli.register;

import dev.openppu.hal.mmio.Mmio;

import java.util.function.IntFunction;

/**
 * Accesses registers by what the elaborated map says of them, each in one access of its width. For one thread.
 *
 * @param bars the device's BARs by index
 */
public record RegisterPort(IntFunction<Mmio> bars) {

    /** The register's value, 32-bit ones without sign. */
    public long read(LocatedRegister register) {
        Mmio bar = bars.apply(register.bar());
        return switch (register.bytes()) {
            case 1 -> bar.read8(register.offset()) & 0xFFL;
            case 2 -> bar.read16(register.offset()) & 0xFFFFL;
            case 4 -> bar.read32(register.offset()) & 0xFFFF_FFFFL;
            case 8 -> bar.read64(register.offset());
            default -> throw tooWide(register);
        };
    }

    public void write(LocatedRegister register, long value) {
        Mmio bar = bars.apply(register.bar());
        switch (register.bytes()) {
            case 1 -> bar.write8(register.offset(), (byte) value);
            case 2 -> bar.write16(register.offset(), (short) value);
            case 4 -> bar.write32(register.offset(), (int) value);
            case 8 -> bar.write64(register.offset(), value);
            default -> throw tooWide(register);
        }
    }

    private static IllegalStateException tooWide(LocatedRegister register) {
        return new IllegalStateException(register.path() + " is " + register.register().width() + " bits wide; no access is as wide");
    }
}
