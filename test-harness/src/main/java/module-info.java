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
    requires java.management;
    requires java.xml;
    requires jdk.management;
    requires tools.jackson.core;
    requires tools.jackson.databind;

    exports dev.openppu.harness;
    exports dev.openppu.harness.bench;
    exports dev.openppu.harness.bringup;
    exports dev.openppu.harness.compare;
    exports dev.openppu.harness.cover;
    exports dev.openppu.harness.explain;
    exports dev.openppu.harness.input;
    exports dev.openppu.harness.ledger;
    exports dev.openppu.harness.pci;
    exports dev.openppu.harness.recording;
    exports dev.openppu.harness.registers;
    exports dev.openppu.harness.report;
    exports dev.openppu.harness.sim;
    exports dev.openppu.harness.sim.check;
    exports dev.openppu.harness.sim.planted;
    exports dev.openppu.harness.sim.work;
    exports dev.openppu.harness.timeline;
}
