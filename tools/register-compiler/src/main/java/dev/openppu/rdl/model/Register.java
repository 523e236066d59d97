package dev.openppu.rdl.model;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/**
 * A register.
 *
 * @param placement  where it stands
 * @param properties what was given to it
 * @param fields     its fields, lowest bit first
 * @param signals    the signals in it
 */
public record Register(Placement placement, Properties properties, List<Field> fields, List<Signal> signals)
        implements
            Addressable {

    public Register {
        fields = List.copyOf(fields);
        signals = List.copyOf(signals);
    }

    /** Its width in bits: a power of two, 8 at least. */
    public int width() {
        return (int) properties.number("regwidth", 32);
    }

    /** Bits of the widest access that software can make to it at once; never more than its width. */
    public int accessWidth() {
        return (int) Math.min(width(), properties.number("accesswidth", width()));
    }

    @Override
    public long elementSize() {
        return width() / 8;
    }

    /** The field that is called {@code name}. */
    public Optional<Field> field(String name) {
        return fields.stream().filter(field -> field.name().equals(name)).findFirst();
    }

    /** Its value after a reset; bits that have no reset value are 0. */
    public BigInteger reset() {
        BigInteger value = BigInteger.ZERO;
        for (Field field : fields) {
            BigInteger reset = field.reset();
            if (reset != null) {
                value = value.or(reset.shiftLeft(field.low()));
            }
        }
        return value;
    }

    /** Whether software sees any of it. */
    public boolean isReadable() {
        return fields.stream().anyMatch(field -> field.sw().canRead());
    }

    /** Whether software can change any of it. */
    public boolean isWritable() {
        return fields.stream().anyMatch(field -> field.sw().canWrite());
    }
}
