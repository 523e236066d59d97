package dev.openppu.model.sim;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;

/** One thread for all simulations of the process, there while there are any: from time to time it looks whether somebody keeps a baton for good. */
final class BatonWatch {
    private static final long PERIOD_MILLIS = 100;

    private static final Set<Baton> WATCHED = Collections.newSetFromMap(new WeakHashMap<>());
    private static boolean running;

    private BatonWatch() {}

    static void add(Baton baton) {
        synchronized (WATCHED) {
            WATCHED.add(baton);
            if (!running) {
                running = true;
                Thread.ofPlatform().daemon().name("simulation-watch").start(BatonWatch::run);
            }
        }
    }

    static void remove(Baton baton) {
        synchronized (WATCHED) {
            WATCHED.remove(baton);
        }
    }

    private static void run() {
        for (List<Baton> watched = watched(); !watched.isEmpty(); watched = watched()) {
            watched.forEach(Baton::look);
            try {
                Thread.sleep(PERIOD_MILLIS);
            } catch (InterruptedException e) {
                // nobody knows this thread
            }
        }
    }

    private static List<Baton> watched() {
        synchronized (WATCHED) {
            running = !WATCHED.isEmpty();
            return new ArrayList<>(WATCHED);
        }
    }
}
