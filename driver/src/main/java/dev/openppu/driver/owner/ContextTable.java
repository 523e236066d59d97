package dev.openppu.driver.owner;

import dev.openppu.abi.error.HgResult;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The contexts of a device by handle and by number. A handle is never used again; a number is. Thread-safe (nothing inside waits). */
final class ContextTable {
    /** In the message of exhaustion. */
    private static final int HOLDERS_NAMED = 4;

    private final DeviceAccess device;
    private final int size;
    private final BitSet taken = new BitSet();
    private final Map<Integer, ClientContext> byHandle = new HashMap<>();
    private final @Nullable ClientContext[] byNumber;
    private int nextHandle = 1;

    ContextTable(DeviceAccess device, int size) {
        this.device = device;
        this.size = size;
        this.byNumber = new ClientContext[size];
    }

    /** Reserves a number; {@link #add} or {@link #release} follows. */
    synchronized int reserve() {
        int number = taken.nextClearBit(0);
        if (number >= size) {
            throw device.failure(HgResult.LAUNCH_OUT_OF_RESOURCES, "contexts",
                    "all %d address spaces are taken; the largest holders are %s".formatted(size, holders()), "close a context");
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
        byNumber[context.number()] = context;
        nextHandle++;
        return context;
    }

    /** Takes a context out; its number stays taken until {@link #release}. */
    synchronized Optional<ClientContext> remove(int handle) {
        ClientContext context = byHandle.remove(handle);
        if (context != null) {
            byNumber[context.number()] = null;
        }
        return Optional.ofNullable(context);
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
        return number >= 0 && number < size ? Optional.ofNullable(byNumber[number]) : Optional.empty();
    }

    synchronized List<ClientContext> all() {
        return List.copyOf(byHandle.values());
    }

    private String holders() {
        return byHandle.values().stream().sorted(Comparator.comparingLong((ClientContext c) -> c.space().bytes()).reversed())
                .limit(HOLDERS_NAMED)
                .map(c -> "context %d with %,d bytes in %d allocations".formatted(c.number(), c.space().bytes(), c.space().count()))
                .collect(Collectors.joining(", "));
    }

    synchronized int count() {
        return taken.cardinality();
    }
}
