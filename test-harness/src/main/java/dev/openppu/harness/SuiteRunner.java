package dev.openppu.harness;

import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.Links;
import dev.openppu.harness.cover.LinkWatch;
import java.util.function.Function;

/** Runs suites on links. Stateless. */
public final class SuiteRunner {
    private SuiteRunner() {}

    /**
     * Opens a link, runs a suite on it and closes it.
     *
     * @throws dev.openppu.hal.LinkException if the URI names no link, or the link breaks
     */
    public static SuiteReport run(Suite suite, String uri, SuiteListener listener) {
        return run(suite, uri, LinkWatch::ofPpu, listener);
    }

    /**
     * The same.
     *
     * @param watching notes what is used of the device
     */
    public static SuiteReport run(Suite suite, String uri, Function<DeviceLink, LinkWatch> watching, SuiteListener listener) {
        try (DeviceLink link = Links.open(uri)) {
            return run(suite, link, watching, listener);
        }
    }

    /** Runs a suite on a link that stays the caller's. An interrupt ends the run after the case under way. */
    public static SuiteReport run(Suite suite, DeviceLink link, SuiteListener listener) {
        return run(suite, link, LinkWatch::ofPpu, listener);
    }

    /**
     * The same.
     *
     * @param watching notes what is used of the device
     */
    public static SuiteReport run(Suite suite, DeviceLink link, Function<DeviceLink, LinkWatch> watching, SuiteListener listener) {
        listener.began(suite, link.identity());
        SuiteReport report;
        try (SuiteRun run = new SuiteRun(suite, link, watching, listener)) {
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
