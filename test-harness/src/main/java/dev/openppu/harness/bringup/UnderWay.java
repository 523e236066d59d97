package dev.openppu.harness.bringup;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * An operation that is set up and not begun.
 *
 * @param start begins it, and waits for nothing
 * @param over whether it has ended by itself; may access the device
 * @param stages of its progress that can be seen, in order
 */
record UnderWay(Runnable start, BooleanSupplier over, List<Stage> stages) {
    private static final BooleanSupplier NEVER = () -> false;

    /** @param reached may access the device */
    record Stage(String name, BooleanSupplier reached) {}

    static UnderWay of(Runnable start, BooleanSupplier over) {
        return new UnderWay(start, over, List.of());
    }

    /** One that a reset alone can end. */
    static UnderWay endless(Runnable start) {
        return of(start, NEVER);
    }

    boolean isEndless() {
        return over == NEVER;
    }

    UnderWay stage(String name, BooleanSupplier reached) {
        List<Stage> more = new ArrayList<>(stages);
        more.add(new Stage(name, reached));
        return new UnderWay(start, over, List.copyOf(more));
    }
}
