import org.jspecify.annotations.NullMarked;

/** The PPU as a model: PCIe function, firmware, command processor, copy engines, memory, compute. */
@NullMarked
module dev.openppu.model {
    requires static org.jspecify;
    requires transitive dev.openppu.hal;
    requires transitive dev.openppu.abi;
    requires transitive dev.openppu.rdl;

    exports dev.openppu.model.census;
    exports dev.openppu.model.compute;
    exports dev.openppu.model.fault;
    exports dev.openppu.model.link;
    exports dev.openppu.model.pcie;
    exports dev.openppu.model.profile;
    exports dev.openppu.model.rdl;
    exports dev.openppu.model.serve;
    exports dev.openppu.model.sim;

    provides dev.openppu.hal.LinkProvider with dev.openppu.model.link.ModelLinkProvider, dev.openppu.model.rdl.RdlLinkProvider;
}
