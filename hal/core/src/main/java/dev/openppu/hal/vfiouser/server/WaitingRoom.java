package dev.openppu.hal.vfiouser.server;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Where clients wait until they are served: those who have sent their first message, in the order in which they did. Who says nothing is sent away after {@link ClientSession#LIMIT_NANOS}, and
 * earlier if the room is full; until then it keeps nobody waiting. Thread-safe.
 */
final class WaitingRoom implements AutoCloseable {
    /** Each has a thread until it has spoken, and 2 MiB for messages. */
    static final int MOST = 16;

    private static final String ENDS = "the server ends";

    private record Guest(ClientSession session, Thread listener) {}

    private final Deque<Guest> silent = new ArrayDeque<>();
    private final Deque<ClientSession> ready = new ArrayDeque<>();
    private boolean closed;

    /** Lets one in. It is the room's from now on, until {@link #next} gives it out. */
    void enter(ClientSession session) {
        Guest guest = new Guest(session, Thread.ofPlatform().daemon().name("ppu-serve-waiting").unstarted(() -> listen(session)));
        Optional<String> obstacle = admit(guest);
        if (obstacle.isPresent()) {
            session.sendAway(obstacle.get());
        } else {
            guest.listener.start();
        }
    }

    /** Makes room, if it must. @return why there is none */
    private synchronized Optional<String> admit(Guest guest) {
        if (closed) {
            return Optional.of(ENDS);
        }
        if (silent.size() + ready.size() >= MOST) {
            Guest oldest = silent.poll();
            if (oldest == null) {
                return Optional.of("%d others have spoken and wait to be served".formatted(MOST));
            }
            oldest.session.end("it has said nothing, and its place was needed: %d wait to be served".formatted(MOST));
        }
        silent.add(guest);
        return Optional.empty();
    }

    /** On a thread of the guest's own. */
    private void listen(ClientSession session) {
        if (!session.hearFirst() || !speaks(session)) {
            forget(session);
            session.sendAway(ENDS);
        }
    }

    /** @return {@code false} if it was told to go meanwhile */
    private synchronized boolean speaks(ClientSession session) {
        if (!forget(session)) {
            return false;
        }
        ready.add(session);
        notifyAll();
        return true;
    }

    private synchronized boolean forget(ClientSession session) {
        return silent.removeIf(guest -> guest.session == session);
    }

    /** Waits for the next that is to be served, whose session is the caller's; empty if this was closed. */
    synchronized Optional<ClientSession> next() throws InterruptedException {
        while (ready.isEmpty() && !closed) {
            wait();
        }
        return closed ? Optional.empty() : Optional.of(ready.remove());
    }

    /** Sends all away; when it returns nothing is left of them. Idempotent. */
    @Override
    public void close() {
        List<Guest> guests = new ArrayList<>();
        List<ClientSession> waiting = new ArrayList<>();
        synchronized (this) {
            closed = true;
            guests.addAll(silent);
            waiting.addAll(ready);
            silent.clear();
            ready.clear();
            notifyAll();
        }
        guests.forEach(guest -> guest.session.end(ENDS));
        guests.forEach(guest -> Threads.join(guest.listener));
        waiting.forEach(session -> session.sendAway(ENDS));
    }
}
