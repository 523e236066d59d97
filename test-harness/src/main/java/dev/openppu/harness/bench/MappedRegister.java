package dev.openppu.harness.bench;

import dev.openppu.hal.mmio.Mmio;
import dev.openppu.rdl.model.Field;
import dev.openppu.rdl.model.Register;
import java.math.BigInteger;
import java.util.function.Predicate;

/**
 * One register of the elaborated map at its place.
 *
 * @param path for example {@code queue[3].control}
 * @param block first part of the path without an index, for example {@code queue}
 * @param offset bytes from the BAR's begin
 */
public record MappedRegister(int bar, String path, String block, long offset, Register register) {

    /** Bits of the fields that match, in place. */
    public long mask(Predicate<Field> fields) {
        return register.fields().stream().filter(fields).map(Field::mask).reduce(BigInteger.ZERO, BigInteger::or).longValue();
    }

    /** Value after a reset; bits without a reset value are 0. */
    public long reset() {
        return register.reset().longValue();
    }

    /**
     * Zero-extended.
     *
     * @param mmio of the register's BAR
     */
    public long read(Mmio mmio) {
        return register.width() == 64 ? mmio.read64(offset) : Integer.toUnsignedLong(mmio.read32(offset));
    }

    public void write(Mmio mmio, long value) {
        if (register.width() == 64) {
            mmio.write64(offset, value);
        } else {
            mmio.write32(offset, (int) value);
        }
    }
}
