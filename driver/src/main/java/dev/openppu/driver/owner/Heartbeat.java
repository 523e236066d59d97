package dev.openppu.driver.owner;

import dev.openppu.abi.reg.FwRegs;
import java.util.concurrent.TimeUnit;

/**
 * Watches the firmware's heartbeat: three missed periods mean that it is gone (programming guide, section 4). Looked at from one thread.
 */
public final class Heartbeat {
    private static final int MISSED_PERIODS = 3;

    private final DeviceAccess device;
    private final FwRegs registers;
    private final long limitNanos;
    private int last;
    private long movedAt;

    public Heartbeat(DeviceAccess device) {
        this.device = device;
        this.registers = device.registers().fw();
        long period = TimeUnit.MICROSECONDS.toNanos(FwRegs.HeartbeatPeriod.micros(device.checked(registers.readHeartbeatPeriod())));
        this.limitNanos = device.runtime().scaled(MISSED_PERIODS * period);
        restart();
    }

    /** How long it may stand still. */
    public long limitNanos() {
        return limitNanos;
    }

    /** Looks once; {@code false} if the count has stood still for too long. */
    public boolean beats() {
        int now = device.counted(registers.readHeartbeat());
        long nanos = device.runtime().nanos();
        if (now != last) {
            last = now;
            movedAt = nanos;
        }
        return nanos - movedAt <= limitNanos;
    }

    /** Counts from now: the firmware was seen alive by other means. */
    public void restart() {
        last = registers.readHeartbeat();
        movedAt = device.runtime().nanos();
    }
}
