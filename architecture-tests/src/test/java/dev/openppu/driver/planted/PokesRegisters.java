package dev.openppu.driver.planted;

import dev.openppu.hal.mmio.MappedMmio;
import dev.openppu.hal.mmio.Mmio;
import dev.openppu.hal.mmio.SizedAccess;
import java.util.function.LongUnaryOperator;

/** Planted: offsets written by hand. */
public final class PokesRegisters {
    public void ring(Mmio bar) {
        bar.write32(0x1000, 1);
    }

    public long magic(MappedMmio bar) {
        return bar.read64(0);
    }

    public LongUnaryOperator reader(Mmio bar) {
        return bar::read64;
    }

    public long sized(Mmio bar) {
        return SizedAccess.read(bar, 0x1008, 4);
    }
}
