package dev.openppu.harness.cover;

import dev.openppu.rdl.model.Field;
import java.util.BitSet;
import java.util.List;
import java.util.function.Predicate;

/** Which registers a host has read and written, and which bits it has seen and set: an access costs a look into a table and two stores. For one thread at a time. */
public final class TouchedRegisters {
    private final RegisterFields fields;
    private final boolean[] read;
    private final boolean[] written;
    private final long[] ones;

    public TouchedRegisters(RegisterFields fields) {
        this.fields = fields;
        int count = fields.places().size();
        read = new boolean[count];
        written = new boolean[count];
        ones = new long[count];
    }

    void read(long offset, long value) {
        int at = fields.at(offset);
        if (at >= 0) {
            read[at >> 1] = true;
            ones[at >> 1] |= value << 32 * (at & 1);
        }
    }

    void written(long offset, long value) {
        int at = fields.at(offset);
        if (at >= 0) {
            written[at >> 1] = true;
            ones[at >> 1] |= value << 32 * (at & 1);
        }
    }

    /** Fields that have been read, by their numbers. */
    public BitSet readFields() {
        return fields(read, field -> field.sw().canRead());
    }

    /** Fields that have been written, with whatever value. */
    public BitSet writtenFields() {
        return fields(written, field -> field.sw().canWrite());
    }

    private BitSet fields(boolean[] touched, Predicate<Field> which) {
        BitSet found = new BitSet();
        for (int i = 0; i < touched.length; i++) {
            if (touched[i]) {
                collect(found, i, which);
            }
        }
        return found;
    }

    /** Fields of which a bit was 1 in what was read or written. */
    public BitSet nonZeroFields() {
        BitSet found = new BitSet();
        for (int i = 0; i < ones.length; i++) {
            long seen = ones[i];
            if (seen != 0) {
                collect(found, i, field -> (seen >>> field.low() & -1L >>> 64 - Math.min(64, field.width())) != 0);
            }
        }
        return found;
    }

    private void collect(BitSet found, int number, Predicate<Field> which) {
        RegisterFields.Place place = fields.places().get(number);
        List<Field> all = place.register().fields();
        for (int i = 0; i < all.size(); i++) {
            if (which.test(all.get(i))) {
                found.set(place.first() + i);
            }
        }
    }
}
