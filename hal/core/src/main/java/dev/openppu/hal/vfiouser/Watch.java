package dev.openppu.hal.vfiouser;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Finds out within a second that the server has stopped: it is asked something now and then, and if it owes an answer and is found stopped, it is lost. One that runs and is slow has the
 * connection's patience.
 */
final class Watch implements Runnable {
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long SUSPICIOUS_NANOS = TimeUnit.MILLISECONDS.toNanos(400);

    private final Connection connection;
    private final PeerProcess process;
    private final Runnable ask;
    private final Runnable lost;

    /**
     * @param ask has the server asked something, without waiting
     * @param lost what is to be done when the server is lost
     */
    Watch(Connection connection, PeerProcess process, Runnable ask, Runnable lost) {
        this.connection = connection;
        this.process = process;
        this.ask = ask;
        this.lost = lost;
    }

    @Override
    public void run() {
        while (connection.ended() == null) {
            look(System.nanoTime());
            if (connection.ended() == null) {
                LockSupport.parkNanos(this, LOOK_NANOS);
            }
        }
        if (connection.lost().isPresent()) {
            lost.run();
        }
    }

    /** @param now by {@link System#nanoTime} */
    void look(long now) {
        OptionalLong due = connection.dueSince();
        long silent = now - connection.lastHeard();
        if (due.isEmpty()) {
            if (silent > QUIET_NANOS && connection.greeted()) { // nothing may come before the first message, however long this side takes for it
                ask.run();
            }
            return;
        }
        long owed = now - due.getAsLong();
        Optional<String> stopped = Math.min(owed, silent) > SUSPICIOUS_NANOS ? process.notRunning() : Optional.empty();
        if (stopped.isPresent()) {
            connection.lose("the server (process %d) %s".formatted(process.number().orElse(0), stopped.get()));
        } else if (owed > connection.patience()) {
            String what = "the server has not answered for %d ms".formatted(TimeUnit.NANOSECONDS.toMillis(owed));
            connection.lose(
                    connection.greeted() ? what : what + " from the first message on: perhaps it serves another client, one at a time");
        }
    }
}
