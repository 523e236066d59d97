package dev.openppu.model.sim;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;

/** One thread for all simulations of the process, there while there are any: from time to time it looks whether somebody keeps a baton for good. */
final class BatonWatch {
    private static final long PERIOD_MILLIS = 100;

    private static final BatonWatch OF_THE_PROCESS = new BatonWatch();

    private final Set<Baton> known = Collections.newSetFromMap(new WeakHashMap<>());
    private boolean running;

    private BatonWatch() {}

    static void add(Baton baton) {
        OF_THE_PROCESS.watch(baton);
    }

    static void remove(Baton baton) {
        OF_THE_PROCESS.forget(baton);
    }

    private synchronized void watch(Baton baton) {
        known.add(baton);
        if (!running) {
            running = true;
            Thread.ofPlatform().daemon().name("simulation-watch").start(this::run);
        }
    }

    private synchronized void forget(Baton baton) {
        known.remove(baton);
    }

    private void run() {
        for (List<Baton> watched = watched(); !watched.isEmpty(); watched = watched()) {
            watched.forEach(Baton::look);
            try {
                Thread.sleep(PERIOD_MILLIS);
            } catch (InterruptedException e) {
                // nobody knows this thread
            }
        }
    }

    private synchronized List<Baton> watched() {
        running = !known.isEmpty();
        return new ArrayList<>(known);
    }
}
