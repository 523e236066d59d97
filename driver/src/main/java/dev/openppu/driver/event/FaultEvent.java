package dev.openppu.driver.event;

import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;

/** The device reported an XID, or was found lost. */
@Name("dev.openppu.Fault")
@Label("Fault")
@Description("The device reported an XID")
public final class FaultEvent extends DeviceEvent {
    private static final FaultEvent WANTED = new FaultEvent();

    @Label("XID")
    int xid;

    @Label("Name")
    @Description("Published name of the XID")
    String name = "";

    @Label("Address")
    @Description("Virtual address, 0 if none")
    @jdk.jfr.MemoryAddress
    long address;

    @Label("PC")
    @Description("Virtual address of the instruction, 0 if none")
    @jdk.jfr.MemoryAddress
    long pc;

    @Label("Device Time")
    @Description("Nanoseconds of device time")
    long deviceNanos;

    private FaultEvent() {}

    /** Records a fault if a recording runs; {@code context} and {@code queue} are -1 if there is none. */
    public static void record(String device, int context, int queue, int xid, String name, long address, long pc, long deviceNanos) {
        if (WANTED.isEnabled()) {
            FaultEvent event = new FaultEvent();
            event.device = device;
            event.context = context;
            event.queue = queue;
            event.xid = xid;
            event.name = name;
            event.address = address;
            event.pc = pc;
            event.deviceNanos = deviceNanos;
            event.commit();
        }
    }
}
