import org.jspecify.annotations.NullMarked;

/** A device's metrics for Prometheus. */
@NullMarked
module dev.openppu.metrics {
    requires static org.jspecify;
    requires transitive dev.openppu.driver;
    requires io.prometheus.metrics.model;

    exports dev.openppu.metrics;
}
