package dev.openppu.cli.register;

import dev.openppu.rdl.model.Field;
import dev.openppu.rdl.model.OnRead;
import dev.openppu.rdl.model.Register;
import dev.openppu.rdl.model.RegisterInstance;

import java.math.BigInteger;

/**
 * One register of a device.
 *
 * @param path     its full name, indices included
 * @param block    the name of the outermost block that it stands in, index included; empty for one directly in the map
 * @param bar      the BAR that shows it
 * @param offset   bytes from the BAR's begin
 * @param register what the .rdl says of it
 */
public record LocatedRegister(String path, String block, int bar, long offset, Register register) {

    static LocatedRegister of(int bar, RegisterInstance instance) {
        return new LocatedRegister(instance.pathInRoot(), instance.outermostBlock(), bar, instance.address(), instance.register());
    }

    /** Whether reading it changes the device. */
    public boolean readHasEffect() {
        return register.fields().stream().anyMatch(field -> field.onRead() != OnRead.NONE);
    }

    /** Bytes of one access. */
    public int bytes() {
        return register.width() / 8;
    }

    /** {@code r}, {@code w} or {@code rw}: what software may do with any of its fields. */
    public String access() {
        return (register.isReadable() ? "r" : "") + (register.isWritable() ? "w" : "");
    }

    /** Its value after a power-on reset. */
    public long reset() {
        return register.reset().longValue();
    }

    /** One field's value in a register's value. */
    public static BigInteger extract(Field field, long raw) {
        return field.extract(BigInteger.valueOf(raw));
    }
}
