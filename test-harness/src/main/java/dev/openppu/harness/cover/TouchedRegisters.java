package dev.openppu.harness.cover;

import dev.openppu.rdl.model.Field;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.BiPredicate;

/**
 * Which registers a host has read and written, and which bits it has seen or set to 0 and to 1. An access costs a look into a table and, the first time that it shows something new, an atomic step.
 * Thread-safe.
 */
public final class TouchedRegisters implements AccessWatch {
    private static final int READ = 1;
    private static final int WRITTEN = 2;

    private final RegisterFields fields;
    private final AtomicIntegerArray ways;
    private final AtomicLongArray ones;
    private final AtomicLongArray zeros;

    public TouchedRegisters(RegisterFields fields) {
        this.fields = fields;
        int count = fields.places().size();
        ways = new AtomicIntegerArray(count);
        ones = new AtomicLongArray(count);
        zeros = new AtomicLongArray(count);
    }

    /** All ones, from which nobody can tell whether there was an answer, show no bits. */
    @Override
    public void read(long offset, int bytes, long value) {
        touched(offset, bytes, value, READ, !AccessWatch.allOnes(bytes, value));
    }

    @Override
    public void written(long offset, int bytes, long value) {
        touched(offset, bytes, value, WRITTEN, true);
    }

    /** @param told whether the value is one */
    private void touched(long offset, int bytes, long value, int way, boolean told) {
        int step = Math.min(bytes, fields.grain());
        for (int done = 0; done < bytes; done += step) {
            int number = fields.numberAt(offset + done);
            if (number == RegisterFields.NONE) {
                continue;
            }
            if ((ways.get(number) & way) == 0) {
                ways.getAndUpdate(number, before -> before | way);
            }
            int bit = fields.bitAt(offset + done);
            if (told && bit < Long.SIZE) {
                long bits = (1L << Byte.SIZE * step) - 1 << bit;
                long placed = value >>> Byte.SIZE * done << bit;
                add(ones, number, placed & bits);
                add(zeros, number, ~placed & bits);
            }
        }
    }

    private static void add(AtomicLongArray seen, int number, long bits) {
        if ((bits & ~seen.get(number)) != 0) {
            seen.getAndUpdate(number, before -> before | bits);
        }
    }

    /** Fields that have been read, by their numbers. */
    public BitSet readFields() {
        return fields((number, field) -> (ways.get(number) & READ) != 0 && field.sw().canRead());
    }

    /** Fields that have been written, with whatever value. */
    public BitSet writtenFields() {
        return fields((number, field) -> (ways.get(number) & WRITTEN) != 0 && field.sw().canWrite());
    }

    /** Fields of which a bit was 1 in what was read or written. */
    public BitSet nonZeroFields() {
        return fields((number, field) -> (ones.get(number) & mask(field)) != 0);
    }

    /** Fields of which each bit was both 0 and 1 in what was read or written. */
    public BitSet toggledFields() {
        return fields((number, field) -> mask(field) != 0 && (ones.get(number) & zeros.get(number) & mask(field)) == mask(field));
    }

    /** The field's bits in place; none if some are beyond the register's first 64. */
    private static long mask(Field field) {
        return field.low() + field.width() > Long.SIZE ? 0 : -1L >>> Long.SIZE - field.width() << field.low();
    }

    private BitSet fields(BiPredicate<Integer, Field> which) {
        BitSet found = new BitSet();
        for (int number = 0; number < fields.places().size(); number++) {
            RegisterFields.Place place = fields.places().get(number);
            List<Field> all = place.register().fields();
            for (int i = 0; i < all.size(); i++) {
                if (which.test(number, all.get(i))) {
                    found.set(place.first() + i);
                }
            }
        }
        return found;
    }
}
