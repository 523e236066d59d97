import org.jspecify.annotations.NullMarked;

/** The ppu command. */
@NullMarked
module dev.openppu.cli {
    requires static org.jspecify;
    requires dev.openppu.rdl;
    requires dev.openppu.hal;
    requires dev.openppu.abi;
    requires dev.openppu.model;
    requires dev.openppu.driver;
    requires dev.openppu.harness;
    requires dev.openppu.guest;
    requires info.picocli;
    requires tools.jackson.databind;
    requires java.desktop;
    requires java.logging;

    opens dev.openppu.cli to info.picocli;
    opens dev.openppu.cli.command to info.picocli;
    opens dev.openppu.cli.recording to info.picocli;
    opens dev.openppu.cli.rdl to info.picocli;
    opens dev.openppu.cli.report to info.picocli;
    opens dev.openppu.cli.sim to info.picocli;
}
