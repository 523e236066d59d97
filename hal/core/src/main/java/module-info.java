import org.jspecify.annotations.NullMarked;

/** Device links, MMIO, DMA, interrupts, PCI and Linux calls; knows no PPU. */
@NullMarked module dev.openppu.hal {
    requires static org.jspecify;

    exports dev.openppu.hal;
    exports dev.openppu.hal.dma;
    exports dev.openppu.hal.hotplug;
    exports dev.openppu.hal.irq;
    exports dev.openppu.hal.library;
    exports dev.openppu.hal.mmio;
    exports dev.openppu.hal.pci;
    exports dev.openppu.hal.posix;
    exports dev.openppu.hal.posix.file;
    exports dev.openppu.hal.posix.socket;
    exports dev.openppu.hal.realtime;
    exports dev.openppu.hal.record;
    exports dev.openppu.hal.replay;
    exports dev.openppu.hal.vfiouser;
    exports dev.openppu.hal.vfiouser.protocol;
    exports dev.openppu.hal.vfiouser.server;

    uses dev.openppu.hal.LinkProvider;
    uses dev.openppu.hal.hotplug.FunctionEvents.Source;

    provides dev.openppu.hal.LinkProvider with dev.openppu.hal.library.NativeLinkProvider,
            dev.openppu.hal.replay.ReplayLinkProvider, dev.openppu.hal.vfio.VfioLinkProvider, dev.openppu.hal.vfiouser.VfioUserLinkProvider;
}
