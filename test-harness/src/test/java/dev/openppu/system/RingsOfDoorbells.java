package dev.openppu.system;

import dev.openppu.abi.PpuIds;
import dev.openppu.abi.reg.PpuBar4Regs;
import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.mmio.Mmio;
import dev.openppu.harness.bringup.DefectiveLink;
import java.util.concurrent.atomic.AtomicLong;

/** A link that counts how often doorbells are rung: a device that is awake takes packets without, so what it does does not tell. */
final class RingsOfDoorbells extends DefectiveLink {
    private final AtomicLong rings = new AtomicLong();

    RingsOfDoorbells(DeviceLink sound) {
        super(sound);
    }

    long count() {
        return rings.get();
    }

    @Override
    public Mmio bar(int index) {
        Mmio sound = super.bar(index);
        return index == PpuIds.BAR_DOORBELLS ? through(sound, new Counter()) : sound;
    }

    private final class Counter extends Trap {
        @Override
        public void write(long offset, int bytes, long value) {
            rings.addAndGet(offset < PpuBar4Regs.VECTOR_OFFSET ? 1 : 0);
            super.write(offset, bytes, value);
        }
    }
}
