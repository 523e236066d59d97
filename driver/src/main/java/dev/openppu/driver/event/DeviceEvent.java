package dev.openppu.driver.event;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.StackTrace;

/** What all events of the driver have. */
@Category({"OpenPPU", "Driver"})
@StackTrace(false)
abstract class DeviceEvent extends Event {
    /** No such number: the event concerns the whole device, or no queue. */
    public static final int NONE = -1;

    @Label("Device")
    @Description("URI of the link")
    String device = "";

    @Label("Context")
    @Description("Number of the address space in the device, -1 if none")
    int context = NONE;

    @Label("Queue")
    @Description("Number of the hardware queue, -1 if none")
    int queue = NONE;
}
