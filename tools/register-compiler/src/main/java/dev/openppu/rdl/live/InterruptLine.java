package dev.openppu.rdl.live;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/** The interrupt and halt outputs of one register: the OR of its interrupt fields, each after its enable or mask. */
final class InterruptLine implements Follower {

    private final long address;
    private final List<Contribution> contributions = new ArrayList<>();
    private final List<Follower> followers = new ArrayList<>();
    private @Nullable LevelHook hook;
    private @Nullable LevelHook haltHook;
    private final LevelHook everyHook;
    private boolean level;
    private boolean halt;

    /**
     * One field's part.
     *
     * @param field      the stored interrupt bits
     * @param enable     bits that may pass, or null for all
     * @param mask       bits that may not pass, or null for none
     * @param haltEnable bits that halt, or null
     * @param haltMask   bits that do not halt, or null
     */
    record Contribution(FieldBits field, @Nullable Source enable, @Nullable Source mask, @Nullable Source haltEnable,
            @Nullable Source haltMask) {

        boolean interrupts() {
            return passes(enable, mask);
        }

        boolean halts() {
            return (haltEnable != null || haltMask != null) && passes(haltEnable, haltMask);
        }

        private boolean passes(@Nullable Source enabling, @Nullable Source masking) {
            for (int from = 0; from < field.width(); from += Long.SIZE) {
                long bits = field.bits(from);
                bits = enabling == null ? bits : bits & enabling.bits(from);
                bits = masking == null ? bits : bits & ~masking.bits(from);
                if (bits != 0) {
                    return true;
                }
            }
            return false;
        }
    }

    /**
     * @param address   the register's address
     * @param everyHook is told about the interrupt output besides the register's own hook
     */
    InterruptLine(long address, LevelHook everyHook) {
        this.address = address;
        this.everyHook = everyHook;
    }

    void add(Contribution contribution) {
        contributions.add(contribution);
    }

    void follow(Follower follower) {
        followers.add(follower);
    }

    void hook(LevelHook newHook) {
        hook = newHook;
    }

    void haltHook(LevelHook newHook) {
        haltHook = newHook;
    }

    boolean level() {
        return level;
    }

    boolean halt() {
        return halt;
    }

    @Override
    public void sourceChanged() {
        boolean newLevel = false;
        boolean newHalt = false;
        for (int i = 0; i < contributions.size(); i++) {
            Contribution contribution = contributions.get(i);
            newLevel |= contribution.interrupts();
            newHalt |= contribution.halts();
        }
        boolean levelChanged = newLevel != level;
        boolean haltChanged = newHalt != halt;
        level = newLevel;
        halt = newHalt;
        if (levelChanged) {
            everyHook.levelChanged(address, newLevel);
            if (hook != null) {
                hook.levelChanged(address, newLevel);
            }
        }
        if (haltChanged && haltHook != null) {
            haltHook.levelChanged(address, newHalt);
        }
        if (levelChanged || haltChanged) {
            for (int i = 0; i < followers.size(); i++) {
                followers.get(i).sourceChanged();
            }
        }
    }
}
