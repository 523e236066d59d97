package dev.openppu.driver.event;

import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Label;
import jdk.jfr.Name;

/** A thread waited for the device; its duration is how long. Off unless a recording asks for it. */
@Name("dev.openppu.Completion")
@Label("Completion")
@Description("A thread waited until packets of a queue had completed, or until it gave up")
@Enabled(false)
public final class CompletionEvent extends DeviceEvent {
    private static final CompletionEvent WANTED = new CompletionEvent();

    @Label("Target")
    @Description("Completed packets that were waited for")
    long target;

    @Label("Completed")
    @Description("Completed packets when the wait ended, -1 if one failed")
    long completed;

    private CompletionEvent() {}

    /** Whether a recording wants it: one branch if not. */
    public static boolean wanted() {
        return WANTED.isEnabled();
    }

    /** Begins a wait that {@link #finished} records; call only if {@link #wanted}. */
    public static CompletionEvent begin(String device, int context, int queue, long target) {
        CompletionEvent event = new CompletionEvent();
        event.device = device;
        event.context = context;
        event.queue = queue;
        event.target = target;
        event.begin();
        return event;
    }

    public void finished(long nowCompleted) {
        completed = nowCompleted;
        commit();
    }
}
