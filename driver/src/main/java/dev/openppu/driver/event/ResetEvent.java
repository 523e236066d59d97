package dev.openppu.driver.event;

import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;

/** A rung of the recovery ladder was tried; its duration is how long it took. */
@Name("dev.openppu.Reset")
@Label("Reset")
@Description("A queue, an engine or the function was reset")
public final class ResetEvent extends DeviceEvent {
    private static final ResetEvent WANTED = new ResetEvent();

    @Label("Rung")
    @Description("Of the recovery ladder")
    String rung = "";

    @Label("Why")
    String why = "";

    @Label("Succeeded")
    boolean succeeded;

    private ResetEvent() {}

    /** Whether a recording wants it. */
    public static boolean wanted() {
        return WANTED.isEnabled();
    }

    /** Begins a reset that {@link #finished} records. */
    public static ResetEvent begin(String device, int context, int queue, String rung, String why) {
        ResetEvent event = new ResetEvent();
        event.device = device;
        event.context = context;
        event.queue = queue;
        event.rung = rung;
        event.why = why;
        event.begin();
        return event;
    }

    public void finished(boolean worked) {
        succeeded = worked;
        commit();
    }
}
