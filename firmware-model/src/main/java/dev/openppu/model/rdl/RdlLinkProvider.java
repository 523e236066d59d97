package dev.openppu.model.rdl;

import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.LinkInfo;
import dev.openppu.hal.LinkProvider;
import dev.openppu.hal.LinkUri;
import java.util.List;

/** Opens {@code rdl:FILE}: the registers that a SystemRDL file describes, behaving as it says, behind a PCIe function in this process. */
public final class RdlLinkProvider implements LinkProvider {

    static final String SCHEME = "rdl";

    @Override
    public String scheme() {
        return SCHEME;
    }

    @Override
    public String usage() {
        return "rdl:FILE[?top=NAME&include=DIR,…&define=NAME=TEXT,…&param=NAME=VALUE,…&bar=N&id=VVVV:DDDD&clock=free|sim&seed=N&timescale=X&trace=FILE]";
    }

    /** Nothing: there are as many as there are files. */
    @Override
    public List<LinkInfo> list() {
        return List.of();
    }

    @Override
    public DeviceLink open(LinkUri uri) {
        return RdlDevice.open(uri).link();
    }
}
