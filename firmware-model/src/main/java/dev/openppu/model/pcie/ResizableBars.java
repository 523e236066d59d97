package dev.openppu.model.pcie;

import dev.openppu.hal.pci.PciRegister.Header;
import dev.openppu.hal.pci.PciRegister.ResizableBar;
import dev.openppu.model.pcie.FunctionIdentity.BarLayout;
import java.util.List;

/**
 * The resizable BAR capability (7.8.6). A size takes effect only while memory decoding is off, as the specification demands of software; a size that is not
 * supported, or one written while decoding is on, is dropped.
 */
final class ResizableBars {
    private final List<BarLayout> layouts;
    private final ConfigBytes config;
    private final BarDecoder decoder;
    private final FunctionLogic logic;

    ResizableBars(FunctionIdentity identity, ConfigBytes config, BarDecoder decoder, FunctionLogic logic) {
        this.layouts = identity.bars().stream().filter(BarLayout::resizable).toList();
        this.config = config;
        this.decoder = decoder;
        this.logic = logic;
    }

    /** Software has written config space. */
    void configWritten(boolean decodingOn) {
        for (int i = 0; i < layouts.size(); i++) {
            BarLayout bar = layouts.get(i);
            int encoded = (config.read(control(i), 4) & ResizableBar.SIZE_MASK) >>> ResizableBar.SIZE_SHIFT;
            long wanted = encoded > ResizableBar.encode(bar.largest()) ? Long.MAX_VALUE : ResizableBar.bytes(encoded);
            if (wanted == decoder.size(bar.index())) {
                continue;
            }
            if (decodingOn || wanted < bar.size() || wanted > bar.largest()) {
                config.replace(control(i), 4, ResizableBar.SIZE_MASK,
                        ResizableBar.encode(decoder.size(bar.index())) << ResizableBar.SIZE_SHIFT);
            } else {
                resize(bar, wanted);
            }
        }
    }

    private void resize(BarLayout bar, long size) {
        narrow(bar, Header.bar(bar.index()), (int) FunctionConfig.lowerMask(size));
        if (bar.wide()) {
            narrow(bar, Header.bar(bar.index() + 1), (int) FunctionConfig.upperMask(size));
        }
        decoder.resize(bar.index(), size);
        logic.barResized(bar.index(), size);
    }

    /** Address bits inside the BAR read as zero. */
    private void narrow(BarLayout bar, int register, int addressBits) {
        int all = register == Header.bar(bar.index()) ? (int) FunctionConfig.lowerMask(1) : -1;
        config.makeWritable(register, 4, addressBits);
        config.replace(register, 4, all & ~addressBits, 0);
    }

    /** A reset has put config space back. */
    void reset() {
        for (BarLayout bar : layouts) {
            if (decoder.size(bar.index()) != bar.size()) {
                decoder.resize(bar.index(), bar.size());
                logic.barResized(bar.index(), bar.size());
            }
        }
    }

    private static int control(int position) {
        return FunctionConfig.RESIZABLE + position * ResizableBar.STRIDE + ResizableBar.CONTROL;
    }
}
