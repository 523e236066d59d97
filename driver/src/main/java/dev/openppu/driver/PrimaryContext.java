package dev.openppu.driver;

import dev.openppu.abi.error.HgResult;
import dev.openppu.driver.sync.LinkLock;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The context of a device that all parts of a process share: there is one per process and device. It exists while it is retained. Thread-safe.
 *
 * <p>{@link #retain} makes it on first use and counts; unlike {@link Ppu#createContext} it makes nothing current. {@link #release} counts back, and destroys
 * it with the last one; like {@link #reset} it pops nothing: threads to which it is current get CONTEXT_IS_DESTROYED (709) afterwards. {@link Context#close} does not
 * destroy it and says so.
 */
public final class PrimaryContext {
    private final Ppu ppu;
    private final LinkLock lock;
    private int retained;
    private ContextOptions options = ContextOptions.defaults();
    private @Nullable Context context;

    PrimaryContext(Ppu ppu) {
        this.ppu = ppu;
        this.lock = new LinkLock(ppu.link().runtime());
    }

    /**
     * What there is now.
     *
     * @param active whether the context exists
     * @param options those that it has, or will be made with
     * @param retained how many retains have not been released
     */
    public record State(boolean active, ContextOptions options, int retained) {}

    /** A retain that {@link #close} releases, once: for try-with-resources. */
    public final class Retention implements AutoCloseable {
        private final Context held;
        private final AtomicBoolean released = new AtomicBoolean();

        private Retention(Context held) {
            this.held = held;
        }

        public Context context() {
            return held;
        }

        /** Releases; idempotent. */
        @Override
        public void close() {
            if (released.compareAndSet(false, true)) {
                release();
            }
        }
    }

    /**
     * Counts one more user and returns the context, which is made if it does not exist. Every retain asks for one {@link #release}.
     *
     * @throws PpuException UNKNOWN (999) if the device's compute mode is PROHIBITED and the context does not exist yet
     */
    public Context retain() {
        HostFunctionScope.refuseCalls();
        lock.lock();
        try {
            Context existing = context;
            if (existing == null || existing.closed()) {
                existing = ppu.newContext(options, Optional.of(this));
                context = existing;
            }
            retained++;
            return existing;
        } finally {
            lock.unlock();
        }
    }

    /** As {@link #retain}, for try-with-resources. */
    public Retention hold() {
        return new Retention(retain());
    }

    /**
     * Counts one user less; the last one destroys the context. Safe after a {@link #reset}.
     *
     * @throws PpuException INVALID_CONTEXT (201) if nobody retains it
     */
    public void release() {
        HostFunctionScope.refuseCalls();
        lock.lock();
        try {
            if (retained == 0) {
                throw new PpuException(Failure.of(HgResult.INVALID_CONTEXT, ppu.toString(), "primary context", "nobody retains it",
                        "release what was retained, once"));
            }
            retained--;
            if (retained == 0) {
                destroy();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Destroys the context and everything in it, whoever retains it; the count stays, so that every retain is still released once. The next {@link #retain} makes
     * a new one. Does nothing if there is none.
     */
    public void reset() {
        HostFunctionScope.refuseCalls();
        lock.lock();
        try {
            destroy();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Sets what the context will be made with.
     *
     * @throws PpuException PRIMARY_CONTEXT_ACTIVE (708) while it exists
     */
    public void setOptions(ContextOptions newOptions) {
        HostFunctionScope.refuseCalls();
        lock.lock();
        try {
            if (active()) {
                throw new PpuException(Failure.of(HgResult.PRIMARY_CONTEXT_ACTIVE, ppu.toString(), "primary context",
                        "it exists already, with flags 0x%x".formatted(options.bits()),
                        "set its flags before the first retain, or after a reset"));
            }
            ppu.requireSupported(newOptions);
            options = newOptions;
        } finally {
            lock.unlock();
        }
    }

    public State state() {
        lock.lock();
        try {
            return new State(active(), options, retained);
        } finally {
            lock.unlock();
        }
    }

    private boolean active() {
        Context existing = context;
        return existing != null && !existing.closed();
    }

    private void destroy() {
        Context existing = context;
        if (existing != null) {
            context = null;
            existing.destroy();
        }
    }
}
