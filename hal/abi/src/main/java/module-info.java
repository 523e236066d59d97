import org.jspecify.annotations.NullMarked;

/** What host and device agree on: registers, command packets, firmware messages, code objects, XIDs. */
@NullMarked
module dev.openppu.abi {
    requires static org.jspecify;
    requires transitive dev.openppu.hal;

    exports dev.openppu.abi.code;
    exports dev.openppu.abi.error;
    exports dev.openppu.abi.firmware;
    exports dev.openppu.abi.memory;
    exports dev.openppu.abi.packet;
    exports dev.openppu.abi.reg;
    exports dev.openppu.abi;

    // The elaborated maps, for whoever asks by class loader.
    opens dev.openppu.abi.reg;
}
