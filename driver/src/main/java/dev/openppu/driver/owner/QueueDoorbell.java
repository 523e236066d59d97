package dev.openppu.driver.owner;

import dev.openppu.abi.reg.DoorbellRegs;
import dev.openppu.driver.owner.OwnerService.Doorbell;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A queue's doorbell until its epoch ends: a ring of an old epoch must not reach the queue of the same number in a new one.
 *
 * <p>A ring says that it is under way, then looks whether the epoch has ended. Whoever ends an epoch says so, lets far more time pass than a store needs to become visible (the
 * quiet time of a reset), and then waits until no ring is under way: so neither side needs a fence on the submission path.
 */
final class QueueDoorbell implements Doorbell {
    private static final VarHandle RINGING;

    static {
        try {
            RINGING = MethodHandles.lookup().findVarHandle(QueueDoorbell.class, "ringing", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final DeviceAccess device;
    private final DoorbellRegs registers;
    @SuppressWarnings("UnusedVariable") // through RINGING
    private boolean ringing;

    QueueDoorbell(DeviceAccess device, int queue) {
        this.device = device;
        this.registers = device.doorbells().queue(queue);
    }

    @Override
    public void ring(long packet) {
        RINGING.setOpaque(this, true);
        if (!device.ended()) {
            registers.writeRing(packet);
        }
        RINGING.setRelease(this, false);
    }

    /** Whether a ring is under way. */
    boolean ringing() {
        return (boolean) RINGING.getAcquire(this);
    }
}
