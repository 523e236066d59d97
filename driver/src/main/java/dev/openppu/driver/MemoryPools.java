package dev.openppu.driver;

import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/** The memory pools of one context, one of which is current. Thread-safe. */
final class MemoryPools {
    private final Context context;
    private final MemoryPool byDefault;
    private final AtomicReference<MemoryPool[]> all;
    private volatile MemoryPool current;

    MemoryPools(Context context) {
        this.context = context;
        this.byDefault = new MemoryPool(context, this, true);
        this.all = new AtomicReference<>(new MemoryPool[]{byDefault});
        this.current = byDefault;
    }

    MemoryPool byDefault() {
        return byDefault;
    }

    MemoryPool current() {
        return current;
    }

    void setCurrent(MemoryPool pool) {
        if (pool.context() != context) {
            throw context.link().invalid(context.toString(), pool + " belongs to another context", "use a pool of context " + context.id());
        }
        pool.requireUsable();
        current = pool;
    }

    MemoryPool create() {
        MemoryPool pool = new MemoryPool(context, this, false);
        all.updateAndGet(before -> {
            MemoryPool[] more = Arrays.copyOf(before, before.length + 1);
            more[before.length] = pool;
            return more;
        });
        return pool;
    }

    void closed(MemoryPool pool) {
        if (current == pool) {
            current = byDefault;
        }
    }

    /** Nothing of a closed pool is left. */
    void emptied(MemoryPool pool) {
        all.updateAndGet(before -> Arrays.stream(before).filter(other -> other != pool).toArray(MemoryPool[]::new));
    }

    /** Somebody waited for work of the context. */
    void waited() {
        for (MemoryPool pool : Objects.requireNonNull(all.get())) {
            pool.waited();
        }
    }
}
