package dev.openppu.driver.fake;

import dev.openppu.hal.mmio.MmioTrap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/** A window whose registers keep what is written, unless a test says otherwise. */
public final class FakeRegisters implements MmioTrap {
    private final Map<Long, Long> values = new HashMap<>();
    private final Map<Long, LongSupplier> reads = new HashMap<>();
    private final Map<Long, LongConsumer> writes = new HashMap<>();
    private final List<String> accesses = new ArrayList<>();
    private boolean gone;

    public void set(long offset, long value) {
        values.put(offset, value);
    }

    public long get(long offset) {
        return values.getOrDefault(offset, 0L);
    }

    public void onRead(long offset, LongSupplier value) {
        reads.put(offset, value);
    }

    public void onWrite(long offset, LongConsumer effect) {
        writes.put(offset, effect);
    }

    /** Answers all ones from now on. */
    public void disappear() {
        gone = true;
    }

    /** Writes in order, as {@code offset=value} in hexadecimal. */
    public List<String> written() {
        return accesses;
    }

    @Override
    public long read(long offset, int bytes) {
        if (gone) {
            return bytes == 8 ? -1 : (1L << 8 * bytes) - 1;
        }
        LongSupplier hook = reads.get(offset);
        return hook != null ? hook.getAsLong() : get(offset);
    }

    @Override
    public void write(long offset, int bytes, long value) {
        accesses.add(Long.toHexString(offset) + "=" + Long.toHexString(value));
        set(offset, value);
        LongConsumer hook = writes.get(offset);
        if (hook != null) {
            hook.accept(value);
        }
    }
}
