package dev.openppu.hal.vfiouser;

import dev.openppu.hal.DeviceLink.Bar;
import dev.openppu.hal.LinkException;
import dev.openppu.hal.mmio.Mmio;
import java.util.HashMap;
import java.util.Map;

/** Windows onto BARs, each made when it is first asked for, and again when the BAR's size has changed. Thread-safe. */
final class RemoteBars implements AutoCloseable {
    private final RemoteDevice device;
    private final Map<Integer, BarWindow> windows = new HashMap<>();
    private final boolean mapping;
    private volatile boolean mapped;
    private boolean closed;
    private boolean lost;

    /** @param mapping whether what the server offers is mapped */
    RemoteBars(RemoteDevice device, boolean mapping) {
        this.device = device;
        this.mapping = mapping;
    }

    synchronized Mmio window(Bar bar) {
        if (closed) {
            throw new LinkException(device.connection().name() + ": the link is closed");
        }
        BarWindow known = windows.get(bar.index());
        if (known == null || known.size() != bar.size() && !lost) {
            BarWindow fresh = BarWindow.open(device, bar, mapping, () -> mapped);
            mapped |= fresh.isMapped();
            if (known != null) {
                known.close();
            }
            windows.put(bar.index(), fresh);
            known = fresh;
        }
        return known.mmio();
    }

    /** The server is lost: what is mapped reads as all ones. */
    synchronized void lose() {
        lost = true;
        windows.values().forEach(BarWindow::lose);
    }

    /** An access to what is mapped ends with {@link IllegalStateException} from now on. */
    @Override
    public synchronized void close() {
        closed = true;
        windows.values().forEach(BarWindow::close);
        windows.clear();
    }
}
