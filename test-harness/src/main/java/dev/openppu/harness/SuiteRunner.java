package dev.openppu.harness;

import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.Links;

/** Runs suites on links. Stateless. */
public final class SuiteRunner {
    private SuiteRunner() {}

    /**
     * Opens a link, runs a suite on it and closes it.
     *
     * @throws dev.openppu.hal.LinkException if the URI names no link, or the link breaks
     */
    public static SuiteReport run(Suite suite, String uri, SuiteListener listener) {
        try (DeviceLink link = Links.open(uri)) {
            return run(suite, link, listener);
        }
    }

    /** Runs a suite on a link that stays the caller's. An interrupt ends the run after the case under way. */
    public static SuiteReport run(Suite suite, DeviceLink link, SuiteListener listener) {
        listener.began(suite, link.identity());
        SuiteReport report;
        try (SuiteRun run = new SuiteRun(suite, link, listener)) {
            for (Stage stage : suite.stages()) {
                if (Thread.currentThread().isInterrupted()) {
                    break;
                }
                run.run(stage);
            }
            report = run.report();
        }
        listener.ended(report);
        return report;
    }
}
