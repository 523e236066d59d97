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
    record Contribution(Source field, @Nullable Source enable, @Nullable Source mask, @Nullable Source haltEnable,
            @Nullable Source haltMask) {

        boolean interrupts() {
            return through(enable, mask, field.get()) != 0;
        }

        boolean halts() {
            return (haltEnable != null || haltMask != null) && through(haltEnable, haltMask, field.get()) != 0;
        }

        private static long through(@Nullable Source enable, @Nullable Source mask, long bits) {
            long passed = enable == null ? bits : bits & enable.get();
            return mask == null ? passed : passed & ~mask.get();
        }
    }

    InterruptLine(long address) {
        this.address = address;
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
        if (levelChanged && hook != null) {
            hook.levelChanged(address, newLevel);
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
