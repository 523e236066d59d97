import org.jspecify.annotations.NullMarked;

/** Conformance cases, suites, campaigns, record and replay, reports. */
@NullMarked
module dev.openppu.harness {
    requires static org.jspecify;
    requires transitive dev.openppu.rdl;
    requires transitive dev.openppu.hal;
    requires transitive dev.openppu.abi;
    requires transitive dev.openppu.model;
    requires transitive dev.openppu.driver;
}
