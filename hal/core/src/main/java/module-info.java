import org.jspecify.annotations.NullMarked;

/** Device links, MMIO, DMA, interrupts, PCI and Linux calls; knows no PPU. */
@NullMarked
module dev.openppu.hal {
    requires static org.jspecify;
}
