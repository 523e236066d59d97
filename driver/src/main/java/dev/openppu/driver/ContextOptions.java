package dev.openppu.driver;

import java.util.EnumSet;
import java.util.Set;

/**
 * How to make a context.
 *
 * @param scheduling how its threads wait for the device
 * @param flags the other published flags
 */
public record ContextOptions(SchedulingPolicy scheduling, Set<ContextFlag> flags) {
    public ContextOptions {
        flags = Set.copyOf(flags);
    }

    /** {@link SchedulingPolicy#AUTO}, no flags. */
    public static ContextOptions defaults() {
        return new ContextOptions(SchedulingPolicy.AUTO, Set.of());
    }

    /**
     * From the published bits.
     *
     * @throws IllegalArgumentException for unknown bits, or more than one scheduling policy
     */
    public static ContextOptions ofFlags(int bits) {
        SchedulingPolicy policy = SchedulingPolicy.of(bits & SchedulingPolicy.MASK).orElseThrow(
                () -> new IllegalArgumentException("flags 0x%x name more than one scheduling policy".formatted(bits)));
        int rest = bits & ~SchedulingPolicy.MASK;
        EnumSet<ContextFlag> flags = EnumSet.noneOf(ContextFlag.class);
        for (ContextFlag flag : ContextFlag.values()) {
            if ((rest & flag.number()) != 0) {
                flags.add(flag);
                rest &= ~flag.number();
            }
        }
        if (rest != 0) {
            throw new IllegalArgumentException("flags 0x%x: 0x%x is unknown".formatted(bits, rest));
        }
        return new ContextOptions(policy, flags);
    }

    public ContextOptions withScheduling(SchedulingPolicy policy) {
        return new ContextOptions(policy, flags);
    }

    public ContextOptions with(ContextFlag flag) {
        EnumSet<ContextFlag> more = EnumSet.of(flag);
        more.addAll(flags);
        return new ContextOptions(scheduling, more);
    }

    /** The published bits. */
    public int bits() {
        return scheduling.number() | flags.stream().mapToInt(ContextFlag::number).sum();
    }
}
