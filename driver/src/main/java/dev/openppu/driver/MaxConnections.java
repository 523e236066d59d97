package dev.openppu.driver;

import java.lang.System.Logger.Level;

/** How many hardware queues the streams of a context share: 1 to 32, 8 by default (facts §9.2). */
final class MaxConnections {
    static final String VARIABLE = "HGGC_DEVICE_MAX_CONNECTIONS";
    static final int DEFAULT = 8;
    private static final int MOST = 32;
    private static final System.Logger LOG = System.getLogger(MaxConnections.class.getName());

    private MaxConnections() {}

    static int fromEnvironment() {
        return of(System.getenv(VARIABLE));
    }

    /** A variable that is no number from 1 to 32 is as if it were not set, and said so in the log. */
    static int of(@org.jspecify.annotations.Nullable String text) {
        if (text == null) {
            return DEFAULT;
        }
        try {
            return checked(Integer.parseInt(text.strip()));
        } catch (IllegalArgumentException e) {
            LOG.log(Level.WARNING, "{0}={1} is not a number from 1 to {2}: {3} is used", VARIABLE, text, MOST, DEFAULT);
            return DEFAULT;
        }
    }

    static int checked(int connections) {
        if (connections < 1 || connections > MOST) {
            throw new IllegalArgumentException(connections + " connections: 1 to " + MOST + " are possible");
        }
        return connections;
    }
}
