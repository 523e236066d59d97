import org.jspecify.annotations.NullMarked;

/** The host driver: owner and client halves below one public API. */
@NullMarked
module dev.openppu.driver {
    requires static org.jspecify;
    requires jdk.jfr;
    requires tools.jackson.databind;
    requires transitive dev.openppu.hal;
    requires transitive dev.openppu.abi;

    exports dev.openppu.driver;
    exports dev.openppu.driver.event;
    exports dev.openppu.driver.owner;
    exports dev.openppu.driver.owner.dump;
    exports dev.openppu.driver.tix;
}
