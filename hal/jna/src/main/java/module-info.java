import org.jspecify.annotations.NullMarked;

/** Devices in libraries, called through JNA: a second binding of the same interface, to hold the first one against. */
@NullMarked
module dev.openppu.hal.jna {
    requires static org.jspecify;
    requires com.sun.jna;
    requires dev.openppu.hal;

    // JNA implements the interface and fills the structures by reflection.
    opens dev.openppu.hal.jna to com.sun.jna;

    provides dev.openppu.hal.LinkProvider with dev.openppu.hal.jna.JnaLinkProvider;
}
