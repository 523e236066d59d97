package dev.openppu.hal.replay;

import dev.openppu.hal.mmio.MmioTrap;
import dev.openppu.hal.record.Kind;

/** Config space that answers as the recorded one did. */
final class ReplayConfigRegion implements MmioTrap {
    private final ReplayCalls calls;

    ReplayConfigRegion(ReplayCalls calls) {
        this.calls = calls;
    }

    @Override
    public long read(long offset, int bytes) {
        return calls.call(Kind.CONFIG_READ, 0, offset, bytes, 0).value();
    }

    @Override
    public void write(long offset, int bytes, long value) {
        calls.call(Kind.CONFIG_WRITE, 0, offset, bytes, value);
    }
}
