package dev.openppu.driver.owner;

import dev.openppu.abi.error.HgResult;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;

/** The contexts of a device by handle and by number. A handle is never used again; a number is. Thread-safe (nothing inside waits). */
final class ContextTable {
    private final DeviceAccess device;
    private final int size;
    private final BitSet taken = new BitSet();
    private final Map<Integer, ClientContext> byHandle = new HashMap<>();
    private int nextHandle = 1;

    ContextTable(DeviceAccess device, int size) {
        this.device = device;
        this.size = size;
    }

    /** Reserves a number; {@link #add} or {@link #release} follows. */
    synchronized int reserve() {
        int number = taken.nextClearBit(0);
        if (number >= size) {
            throw device.failure(HgResult.LAUNCH_OUT_OF_RESOURCES, "contexts", "all %d address spaces are taken".formatted(size),
                    "close a context");
        }
        taken.set(number);
        return number;
    }

    synchronized void release(int number) {
        taken.clear(number);
    }

    /** Makes the context with the next handle. */
    synchronized ClientContext add(IntFunction<ClientContext> maker) {
        ClientContext context = maker.apply(nextHandle);
        byHandle.put(nextHandle, context);
        nextHandle++;
        return context;
    }

    /** Takes a context out; its number stays taken until {@link #release}. */
    synchronized Optional<ClientContext> remove(int handle) {
        return Optional.ofNullable(byHandle.remove(handle));
    }

    synchronized Optional<ClientContext> find(int handle) {
        return Optional.ofNullable(byHandle.get(handle));
    }

    /** The context, or CONTEXT_IS_DESTROYED. */
    ClientContext get(int handle) {
        return find(handle)
                .orElseThrow(() -> device.failure(HgResult.CONTEXT_IS_DESTROYED, "context", "the context is closed", "use an open one"));
    }

    synchronized Optional<ClientContext> byNumber(int number) {
        return byHandle.values().stream().filter(c -> c.number() == number).findFirst();
    }

    synchronized List<ClientContext> all() {
        return List.copyOf(byHandle.values());
    }

    synchronized int count() {
        return taken.cardinality();
    }
}
