import org.jspecify.annotations.NullMarked;

/** What host and device agree on: registers, command packets, firmware messages, code objects, XIDs. */
@NullMarked
module dev.openppu.abi {
    requires static org.jspecify;
    requires transitive dev.openppu.hal;

    exports dev.openppu.abi.code;
}
