package dev.openppu.driver.planted;

import dev.openppu.hal.mmio.MappedMmio;
import dev.openppu.hal.mmio.Mmio;
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
}
