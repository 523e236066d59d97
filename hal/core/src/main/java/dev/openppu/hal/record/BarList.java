package dev.openppu.hal.record;

import dev.openppu.hal.DeviceLink.Bar;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A function's BARs as the content of a record: index, bytes and flags of each. */
public final class BarList {
    private static final int WIDE = 1;
    private static final int PREFETCHABLE = 2;
    private static final int PORTS = 4;
    private static final int MOST_BYTES = 6 * 3 * 10;

    private BarList() {}

    static byte[] encode(List<Bar> bars) {
        ByteBuffer out = ByteBuffer.allocate(MOST_BYTES);
        for (Bar bar : bars) {
            Varint.put(out, bar.index());
            Varint.put(out, bar.size());
            Varint.put(out, (bar.wide() ? WIDE : 0) | (bar.prefetchable() ? PREFETCHABLE : 0) | (bar.ports() ? PORTS : 0));
        }
        byte[] bytes = new byte[out.position()];
        out.flip().get(bytes);
        return bytes;
    }

    /** @throws RecordingException if the content is none */
    public static List<Bar> decode(byte[] content) {
        ByteBuffer in = ByteBuffer.wrap(content);
        List<Bar> bars = new ArrayList<>();
        try {
            while (in.hasRemaining()) {
                int index = (int) Varint.get(in);
                long size = Varint.get(in);
                long flags = Varint.get(in);
                bars.add(new Bar(index, size, (flags & WIDE) != 0, (flags & PREFETCHABLE) != 0, (flags & PORTS) != 0));
            }
        } catch (BufferUnderflowException e) {
            throw new RecordingException("a list of BARs is too short", e);
        }
        return bars;
    }
}
