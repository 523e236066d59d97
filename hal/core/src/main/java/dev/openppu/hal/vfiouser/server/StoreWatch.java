package dev.openppu.hal.vfiouser.server;

import dev.openppu.hal.vfiouser.server.ServedFunction.MappedStores;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Brings a client's mapped stores and its messages into an order that it may have meant, and decides how long nobody looks for a store. Nothing tells of one, so whoever carries out the client's
 * commands looks: before each command, and between them as long as the device may be waiting for one, soon after the last that came, later and later then. Used by that thread.
 */
final class StoreWatch {
    private static final long SHORTEST_NANOS = TimeUnit.MICROSECONDS.toNanos(20);
    /** A look costs up to 50 us where waking a thread is dear: five hundred a second are a fortieth of a core there. */
    private static final long LONGEST_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    /** A store is found later by this part of the time that it has let the server wait. */
    private static final int PART_OF_THE_QUIET = 8;
    /** The device waits for no store until a command has it wait. */
    static final long NO_NEED = Long.MAX_VALUE;

    private final MappedStores stores;
    private final BooleanSupplier allCarriedOut;
    private long lastCame = System.nanoTime();
    private boolean remembered;

    /** @param allCarriedOut whether no message is left that was sent before now */
    StoreWatch(MappedStores stores, BooleanSupplier allCarriedOut) {
        this.stores = stores;
        this.allCarriedOut = allCarriedOut;
    }

    /** A command is about to be carried out: stores before it come first. */
    void before() {
        remembered |= stores.take();
    }

    /** It was carried out, and not answered: stores behind it come now. A client that waits for the answer has sent nothing else meanwhile. */
    void after() {
        if (remembered) {
            stores.repeat();
            forgetIfLast();
        }
        lastCame = System.nanoTime();
    }

    private void forgetIfLast() {
        if (allCarriedOut.getAsBoolean()) {
            stores.forget();
            remembered = false;
        }
    }

    /** There is no command. @return nanoseconds after which this is to be asked again, unless one comes before; {@link #NO_NEED} if only then */
    long idle() {
        boolean came = stores.expected() && stores.take();
        remembered |= came;
        if (remembered) {
            forgetIfLast();
        }
        if (!stores.expected()) {
            return NO_NEED;
        }
        long now = System.nanoTime();
        if (came) {
            lastCame = now;
        }
        return Math.clamp((now - lastCame) / PART_OF_THE_QUIET, SHORTEST_NANOS, LONGEST_NANOS);
    }
}
