package dev.openppu.rdl.elaborate;

import dev.openppu.rdl.model.Register;
import dev.openppu.rdl.model.Value;
import org.jspecify.annotations.Nullable;

/**
 * What a block hands on to those in it.
 *
 * @param addressing {@code compact}, {@code regalign} or {@code fullalign}
 * @param alignment  the {@code alignment} in force, 1 where there is none
 * @param msb0       whether registers count bits from the left
 * @param external   what a register file around says of all that is in it; null where none says anything
 */
record Surroundings(String addressing, long alignment, boolean msb0, @Nullable Boolean external) {

    static final Surroundings NONE = new Surroundings("regalign", 1, false, null);

    /** What surrounds the contents of {@code block}, for all that depends on the instance. */
    Surroundings withExternal(Instance block) {
        if (block.component().kind() != ComponentKind.REGFILE || external != null) {
            return this;
        }
        return new Surroundings(addressing, alignment, msb0, block.layout().external());
    }

    /** Whether {@code instance} in here is external: a register file decides for all that is in it. */
    boolean isExternal(Instance instance) {
        return Boolean.TRUE.equals(external != null ? external : instance.layout().external());
    }

    /** What {@code block} hands on. An address map starts anew; a register file passes on what it does not set. */
    Surroundings within(Component block) {
        Surroundings base = block.kind() == ComponentKind.ADDRMAP ? NONE : this;
        String newAddressing = value(block, "addressing") instanceof Value.Keyword(String word) ? word : base.addressing;
        long newAlignment = value(block, "alignment") instanceof Value.Num number && number.value().bitLength() < 63
                ? Math.max(1, number.value().longValue())
                : base.alignment;
        boolean newMsb0 = Value.Flag.TRUE.equals(value(block, "msb0")) || base.msb0;
        return new Surroundings(newAddressing, newAlignment, newMsb0, base.external);
    }

    private static @Nullable Value value(Component block, String property) {
        Assignment assignment = block.assignments().get(property);
        return assignment == null ? null : assignment.value();
    }

    /**
     * The first address from {@code next} on where an instance may stand.
     *
     * @param register  the instance, if it is a register
     * @param size      bytes of one element
     * @param totalSize bytes of all elements
     */
    long align(long next, Instance instance, @Nullable Register register, long size, long totalSize) {
        Long asked = instance.layout().alignment();
        long natural = switch (addressing) {
            case "compact" -> register == null ? 1 : Math.max(1, register.accessWidth() / 8);
            case "fullalign" -> powerOfTwo(totalSize);
            default -> powerOfTwo(size);
        };
        return roundUp(next, Math.max(Math.max(natural, alignment), asked == null ? 1 : asked));
    }

    private static long powerOfTwo(long size) {
        return size <= 1 ? 1 : Long.highestOneBit(size - 1) << 1;
    }

    private static long roundUp(long value, long multiple) {
        long rest = value % multiple;
        return rest == 0 ? value : value + multiple - rest;
    }
}
