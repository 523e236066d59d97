package dev.openppu.hal.replay;

import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.LinkInfo;
import dev.openppu.hal.LinkProvider;
import dev.openppu.hal.LinkUri;
import dev.openppu.hal.record.RecordingReader;
import java.nio.file.Path;
import java.util.List;

/** Opens {@code replay:FILE}: a recording in place of the device that it was made of. */
public final class ReplayLinkProvider implements LinkProvider {
    @Override
    public String scheme() {
        return "replay";
    }

    @Override
    public String usage() {
        return "replay:FILE";
    }

    /** Nothing: there are as many as there are files. */
    @Override
    public List<LinkInfo> list() {
        return List.of();
    }

    @Override
    public DeviceLink open(LinkUri uri) {
        uri.demandOptions(List.of());
        RecordingReader reader = new RecordingReader(Path.of(uri.target()));
        try {
            return new ReplayLink(uri, reader, ReplayWatch.CURRENT.isBound() ? ReplayWatch.CURRENT.get() : ReplayWatch.none());
        } catch (RuntimeException | Error e) {
            reader.close();
            throw e;
        }
    }
}
