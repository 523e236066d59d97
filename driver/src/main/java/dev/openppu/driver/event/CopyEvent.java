package dev.openppu.driver.event;

import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Label;
import jdk.jfr.Name;

/** A copy was submitted; for one through staging memory the duration is how long the calling thread was busy with it. Off unless a recording asks for it. */
@Name("dev.openppu.Copy")
@Label("Copy")
@Description("A copy to, from or within a device")
@Enabled(false)
public final class CopyEvent extends DeviceEvent {
    private static final CopyEvent WANTED = new CopyEvent();

    @Label("Kind")
    @Description("HtoD, DtoH, DtoD, as profilers name them; pageable memory goes through staging")
    String kind = "";

    @Label("Bytes")
    @jdk.jfr.DataAmount
    long bytes;

    /** The directions as profilers name them (facts, section 9.5). */
    public enum Kind {
        HOST_TO_DEVICE("HtoD"), DEVICE_TO_HOST("DtoH"), DEVICE_TO_DEVICE("DtoD"), PEER("PtoP");

        private final String text;

        Kind(String text) {
            this.text = text;
        }
    }

    private CopyEvent() {}

    /** Whether a recording wants it: one branch if not. */
    public static boolean wanted() {
        return WANTED.isEnabled();
    }

    /** Begins a copy that {@link #finished} records; call only if {@link #wanted}. */
    public static CopyEvent begin(String device, int context, int queue, Kind kind, long bytes) {
        CopyEvent event = new CopyEvent();
        event.device = device;
        event.context = context;
        event.queue = queue;
        event.kind = kind.text;
        event.bytes = bytes;
        event.begin();
        return event;
    }

    public void finished() {
        commit();
    }
}
