package dev.openppu.bench;

import java.io.Console;
import java.io.PrintStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How far it has come, on standard error: one line that is written over on a terminal, one line a contest elsewhere. */
final class Progress {
    @SuppressWarnings("SystemConsoleNull") // null where a JVM has no console module
    private static final boolean TERMINAL = Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);

    private final PrintStream err;
    private @Nullable String contest;

    Progress(PrintStream err) {
        this.err = err;
    }

    void say(String what) {
        if (TERMINAL) {
            err.print("\r\033[K" + what);
        } else if (!what.substring(0, what.indexOf(':')).equals(contest)) {
            contest = what.substring(0, what.indexOf(':'));
            err.println("measuring " + contest);
        }
        err.flush();
    }

    void clear() {
        if (TERMINAL) {
            err.print("\r\033[K");
            err.flush();
        }
    }
}
