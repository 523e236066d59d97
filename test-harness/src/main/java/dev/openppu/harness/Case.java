package dev.openppu.harness;

import dev.openppu.hal.Observable;
import dev.openppu.harness.bench.Bench;
import java.util.Set;

/**
 * A conformance case: a plain value.
 *
 * @param id unique within a suite, {@code stage.what}, lower case with hyphens
 * @param title for people, a few words
 * @param needs what a link must show for the case to mean anything
 * @param gate if it fails, the cases behind it make no sense and are skipped
 */
public record Case(String id, String title, Rule rule, Set<Observable> needs, boolean gate, Body body) {
    public Case {
        needs = Set.copyOf(needs);
    }

    /** A case that every link can show. */
    public static Case of(String id, String title, Rule rule, Body body) {
        return new Case(id, title, rule, Set.of(), false, body);
    }

    /** The same case, but it means something only where {@code what} can be seen. */
    public Case needing(Observable... what) {
        return new Case(id, title, rule, Set.of(what), gate, body);
    }

    /** The same case, but if it fails, the cases behind it are skipped. */
    public Case gating() {
        return new Case(id, title, rule, needs, true, body);
    }

    /** What a case does. */
    @FunctionalInterface
    public interface Body {
        /**
         * Returns if the rule holds.
         *
         * @throws CheckFailedException if it does not
         * @throws SkippedException if it cannot be told
         * @throws UnobservableException if the link hides what it is about
         * @throws Exception anything else counts as a failure with its message
         */
        void run(Bench bench) throws Exception;
    }
}
