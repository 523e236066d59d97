package dev.openppu.driver.event;

import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Label;
import jdk.jfr.Name;

/** Packets were handed to the device. Off unless a recording asks for it: there may be millions a second. */
@Name("dev.openppu.Submission")
@Label("Submission")
@Description("Packets were published to a hardware queue and its doorbell rung")
@Enabled(false)
public final class SubmissionEvent extends DeviceEvent {
    private static final SubmissionEvent WANTED = new SubmissionEvent();

    @Label("First Packet")
    @Description("Index in the queue since it was opened; never wraps")
    long packet;

    @Label("Packets")
    @Description("How many with this doorbell")
    int packets;

    private SubmissionEvent() {}

    /** Whether a recording wants it: one branch if not. */
    public static boolean wanted() {
        return WANTED.isEnabled();
    }

    /** Records {@code packets} packets from index {@code first}; call only if {@link #wanted}. */
    public static void record(String device, int context, int queue, long first, int packets) {
        SubmissionEvent event = new SubmissionEvent();
        event.device = device;
        event.context = context;
        event.queue = queue;
        event.packet = first;
        event.packets = packets;
        event.commit();
    }
}
