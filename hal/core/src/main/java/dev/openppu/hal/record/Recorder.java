package dev.openppu.hal.record;

import dev.openppu.hal.LinkRuntime;
import dev.openppu.hal.dma.DmaAccess;
import dev.openppu.hal.dma.DmaMapping;
import dev.openppu.hal.dma.DmaObserver;
import dev.openppu.hal.irq.Interrupts;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Puts what happens on a link in one order. A call of host software's is recorded when it returns; what the device did before that stands before it. Never calls the link in a way that takes
 * time there or lets another thread run. Thread-safe; the innermost of all locks.
 */
final class Recorder implements DmaObserver, AutoCloseable {
    private final RecordingWriter writer;
    private final LinkRuntime runtime;
    private final Interrupts interrupts;
    private final boolean whole;
    private final MappedMemory mapped = new MappedMemory();
    private final ThreadLocal<Caller> callers = ThreadLocal.withInitial(this::foreign);
    private boolean observed;
    private int begun;
    private int foreign;
    private long[] delivered = {};
    private boolean closed;

    /** A host thread. */
    static final class Caller {
        final int number;
        /** It evaluates the condition of a wait: how often, and when, means nothing. */
        boolean looking;

        Caller(int number) {
            this.number = number;
        }
    }

    /** @param whole content is recorded, not its checksum only */
    Recorder(RecordingWriter writer, LinkRuntime runtime, Interrupts interrupts, boolean whole) {
        this.writer = writer;
        this.runtime = runtime;
        this.interrupts = interrupts;
        this.whole = whole;
        callers.set(new Caller(0));
    }

    private synchronized Caller foreign() {
        return new Caller(RecordedEvent.FIRST_FOREIGN_THREAD + foreign++);
    }

    Caller caller() {
        return callers.get();
    }

    /** The number of the next thread that is begun. */
    synchronized int nextThread() {
        return ++begun;
    }

    /** This thread is one that was begun. */
    void isThread(int number) {
        callers.set(new Caller(number));
    }

    /** The device's accesses to host memory are told as they happen. */
    void observes() {
        observed = true;
    }

    // ---- host software

    /** Before host software tells the device something: what it has written for it to read. */
    void publish() {
        if (whole || !observed) {
            int thread = caller().number;
            synchronized (this) {
                mapped.changes(DmaAccess::readable, (iova, content) -> memory(Kind.HOST_WRITE, thread, iova, content));
            }
        }
    }

    /** Before host software asks the device something: what it has written must not count as the device's. */
    void look() {
        if (!observed) {
            publish();
        }
    }

    void call(Kind kind, int unit, long place, long size, long value) {
        call(kind, unit, place, size, value, null);
    }

    void call(Kind kind, int unit, long place, long size, long value, @Nullable MemorySegment content) {
        Caller caller = caller();
        if (!caller.looking) {
            synchronized (this) {
                arrived(caller.number);
                append(kind, caller.number, unit, place, size, value, content);
            }
        }
    }

    /** Looking at the clock: the record's time is what was seen. */
    void clock(long now) {
        Caller caller = caller();
        if (!caller.looking) {
            synchronized (this) {
                arrived(caller.number);
                if (!closed) {
                    writer.append(Kind.CLOCK, caller.number, now, 0, 0, 0, 0, null);
                }
            }
        }
    }

    void text(Kind kind, int unit, String text) {
        call(kind, unit, 0, 0, 0, MemorySegment.ofArray(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Memory behind a BAR. */
    synchronized void bulk(Kind kind, int bar, long offset, MemorySegment data) {
        int thread = caller().number;
        long bytes = data.byteSize();
        long first = whole ? Math.min(bytes, RecordingFormat.MOST_CONTENT_BYTES) : 0;
        arrived(thread);
        append(kind, thread, bar, offset, bytes, Checksum.of(data), data.asSlice(0, first));
        for (long done = first; whole && done < bytes; done += RecordingFormat.MOST_CONTENT_BYTES) {
            append(Kind.MORE, thread, 0, 0, 0, 0, data.asSlice(done, Math.min(bytes - done, RecordingFormat.MOST_CONTENT_BYTES)));
        }
    }

    void failed(Kind kind, RuntimeException e) {
        String message = String.valueOf(e.getMessage());
        call(Kind.FAILED, kind.code(), 0, 0, Thrown.of(e).ordinal(),
                MemorySegment.ofArray(message.substring(0, Math.min(message.length(), 1024)).getBytes(StandardCharsets.UTF_8)));
    }

    /** Vectors that are counted from now on, from 0. */
    synchronized void enabled(int vectors) {
        delivered = new long[vectors];
    }

    synchronized void map(DmaMapping mapping) {
        if ((whole || !observed) && !mapped.add(mapping)) {
            append(Kind.UNSEEN, caller().number, 0, mapping.iova(), mapping.size(), 0, null);
        }
    }

    synchronized void unmap(long iova) {
        mapped.remove(iova);
    }

    // ---- the device

    /** What the device did that nobody told us of. */
    private void arrived(int thread) {
        if (!observed) {
            mapped.changes(DmaAccess::writable, (iova, content) -> memory(Kind.DMA_WRITE, thread, iova, content));
        }
        for (int vector = 0; vector < delivered.length; vector++) {
            long now = interrupts.delivered(vector);
            if (now != delivered[vector]) {
                append(Kind.IRQ, thread, vector, 0, 0, now - delivered[vector], null);
                delivered[vector] = now;
            }
        }
    }

    @Override
    public synchronized void writing(long iova, MemorySegment data) {
        published(iova, data.byteSize());
        for (long done = 0; done < data.byteSize(); done += RecordingFormat.MOST_CONTENT_BYTES) {
            memory(Kind.DMA_WRITE, 0, iova + done, data.asSlice(done, Math.min(data.byteSize() - done,
                    RecordingFormat.MOST_CONTENT_BYTES)));
        }
        mapped.known(iova, data);
    }

    @Override
    public synchronized void hasRead(long iova, MemorySegment data) {
        published(iova, data.byteSize());
        append(Kind.DMA_READ, 0, 0, iova, data.byteSize(), Checksum.of(data), null);
    }

    @Override
    public synchronized void refused(long iova, long bytes, boolean write) {
        append(Kind.DMA_REFUSED, 0, write ? 1 : 0, iova, bytes, 0, null);
    }

    /** A device that runs beside its host reads what was written there before anybody is told, and writes over it. */
    private void published(long iova, long bytes) {
        mapped.changes(iova, bytes, (changed, content) -> memory(Kind.HOST_WRITE, 0, changed, content));
    }

    private void memory(Kind kind, int thread, long iova, MemorySegment content) {
        append(kind, thread, 0, iova, content.byteSize(), Checksum.of(content), whole ? content : null);
    }

    private void append(Kind kind, int thread, int unit, long place, long size, long value, @Nullable MemorySegment content) {
        if (!closed) {
            writer.append(kind, thread, runtime.timestamp(), unit, place, size, value, content);
        }
    }

    /** What comes later is thrown away. */
    synchronized void end() {
        append(Kind.CLOSE, caller().number, 0, 0, 0, 0, null);
        closed = true;
    }

    @Override
    public void close() {
        end();
        writer.close();
    }
}
