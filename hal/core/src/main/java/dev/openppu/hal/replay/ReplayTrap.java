package dev.openppu.hal.replay;

import dev.openppu.hal.mmio.MmioTrap;
import dev.openppu.hal.record.Checksum;
import dev.openppu.hal.record.Kind;
import dev.openppu.hal.record.RecordedEvent;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** A BAR that answers as the recorded one did. */
final class ReplayTrap implements MmioTrap {
    private final ReplayCalls calls;
    private final int bar;

    ReplayTrap(ReplayCalls calls, int bar) {
        this.calls = calls;
        this.bar = bar;
    }

    @Override
    public long read(long offset, int bytes) {
        return calls.call(Kind.READ, bar, offset, bytes, 0).value();
    }

    @Override
    public void write(long offset, int bytes, long value) {
        calls.call(Kind.WRITE, bar, offset, bytes, value);
    }

    @Override
    public void readBytes(long offset, MemorySegment destination) {
        RecordedEvent piece = calls.call(Kind.READ_BYTES, bar, offset, destination.byteSize(), 0);
        for (long done = 0; done < destination.byteSize();) {
            long part = Math.min(piece.content().length, destination.byteSize() - done);
            if (part == 0) {
                throw calls.cannot("the content of this read is not in the recording");
            }
            MemorySegment.copy(MemorySegment.ofArray(piece.content()), 0, destination, done, part);
            done += part;
            if (done < destination.byteSize()) {
                piece = calls.more();
            }
        }
    }

    @Override
    public void writeBytes(long offset, MemorySegment source) {
        byte[] first = source.asSlice(0, Math.min(source.byteSize(), RecordedEvent.MOST_CONTENT_BYTES))
                .toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
        long done = calls.call(Kind.WRITE_BYTES, bar, offset, source.byteSize(), Checksum.of(source), first).content().length;
        while (done < source.byteSize()) {
            byte[] piece = calls.more().content();
            byte[] here = source.asSlice(done, Math.min(piece.length, source.byteSize() - done))
                    .toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
            if (piece.length == 0 || !Arrays.equals(piece, here)) {
                throw calls.cannot("the call writes something else");
            }
            done += piece.length;
        }
    }
}
