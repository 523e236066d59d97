package dev.openppu.harness.recording;

import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.LinkException;
import dev.openppu.hal.LinkRuntime;
import dev.openppu.hal.ResetKind;
import dev.openppu.hal.mmio.Mmio;
import dev.openppu.hal.mmio.SizedAccess;
import dev.openppu.hal.record.Kind;
import dev.openppu.hal.record.RecordedEvent;
import dev.openppu.hal.record.RecordingReader;
import dev.openppu.hal.record.Waited;
import dev.openppu.harness.bench.MappedRegister;
import dev.openppu.rdl.model.Field;
import dev.openppu.rdl.model.OnRead;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Plays the host's side of a recording against a device, in the order of the records, and compares what the device answers. A device may take its time: what it changes by itself is looked at again for a
 * while; of a poll only the last read counts. For one thread.
 */
public final class DevicePlayer implements AutoCloseable {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long PAUSE_NANOS = 5_000;
    /** Longest that a posted write is on its way, and a read besides. */
    private static final long FLIGHT_NANOS = 4_000;
    private static final long LONGEST_SLEEP_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final RecordingReader reader;
    private final EventStream events;
    private final DeviceLink device;
    private final LinkRuntime runtime;
    private final RegisterNames names;
    private final PlayedMemory memory;
    private final Map<Integer, Mmio> bars = new HashMap<>();
    private final PlayedWrites writes;
    private final PlayedConfig config;
    private final TreeMap<String, String> masked = new TreeMap<>();
    private final List<PlayedDifference> differences = new ArrayList<>();
    private final Map<Integer, Long> messages = new TreeMap<>();
    private @Nullable RecordedEvent written;
    private long compared;
    private RecordedEvent bulk = RecordedEvent.asked(0, Kind.MORE, 0, 0, 0, 0);
    private long bulkDone;

    /** @param device is left open */
    public DevicePlayer(RecordingReader reader, DeviceLink device, RegisterNames names) {
        if (!reader.info().wholeDma()) {
            throw new LinkException(reader.path()
                    + ": it was recorded with record-dma=hash and does not know what the host wrote: record with record-dma=whole to play it");
        }
        this.reader = reader;
        this.events = new EventStream(reader);
        this.device = device;
        this.runtime = device.runtime();
        this.names = names;
        this.memory = new PlayedMemory(device.dma());
        this.writes = new PlayedWrites(events, memory, runtime);
        this.config = new PlayedConfig(device, events, names, masked);
    }

    /** Plays until the end, or until so many differences are found; returns them. */
    public List<PlayedDifference> play(int most) {
        for (RecordedEvent event = events.next(); event != null && differences.size() < most; event = events.next()) {
            play(event);
        }
        return List.copyOf(differences);
    }

    /** Values that were compared. */
    public long compared() {
        return compared;
    }

    /** Fields that differed and may, with the reason. */
    public Map<String, String> masked() {
        return masked;
    }

    private void play(RecordedEvent e) {
        switch (e.kind()) {
            case READ -> read(e);
            case WRITE -> {
                written = e;
                SizedAccess.write(bar(e.unit()), e.place(), (int) e.size(), e.value());
            }
            case READ_BYTES, WRITE_BYTES -> bulk(e);
            case MORE -> piece(e);
            case CONFIG_READ -> {
                compared++;
                config.read(e).ifPresent(differences::add);
            }
            case CONFIG_WRITE -> config.write(e);
            case BAR -> bars.remove(e.unit());
            case SLEEP -> runtime.sleep(Math.min(e.value(), LONGEST_SLEEP_NANOS));
            case WAIT -> waited(e);
            case ALLOCATE, MAP, MAP_AT -> memory.map(e);
            case UNMAP -> unmap(e);
            case HOST_WRITE -> hostWrote(e);
            case DMA_READ -> writes.read(e);
            case DMA_WRITE -> deviceWrote(e);
            case IRQ -> messages.merge(e.unit(), e.value(), Long::sum);
            case IRQ_ENABLE -> enable(e.unit());
            case IRQ_DISABLE -> device.interrupts().disable();
            case IRQ_MASK -> device.interrupts().mask(e.unit());
            case IRQ_UNMASK -> device.interrupts().unmask(e.unit());
            case RESET -> device.reset(ResetKind.values()[Math.min(e.unit(), ResetKind.values().length - 1)]);
            default -> {
                // concerns the threads of host software, or the recorded device alone
            }
        }
    }

    private Mmio bar(int index) {
        return bars.computeIfAbsent(index, device::bar);
    }

    private void enable(int vectors) {
        messages.clear();
        device.interrupts().enable(vectors);
    }

    // ---- registers

    private void read(RecordedEvent e) {
        long seen = SizedAccess.read(bar(e.unit()), e.place(), (int) e.size());
        compared++;
        if (seen == e.value()) {
            return;
        }
        MappedRegister register = names.whole(e.unit(), e.place(), e.size()).orElse(null);
        if (register == null) {
            later(e, seen);
            return;
        }
        BigInteger moving = MaskedFields.volatileBits(register);
        BigInteger mask = MaskedFields.compared(register);
        BigInteger expected = RegisterNames.raw(e.value());
        boolean polled = events.polledAgain(e);
        long last = seen;
        long deadline = runtime.deadline(PATIENCE_NANOS);
        while (!polled && only(moving, differing(expected, last, mask)) && !changedByReading(register) && runtime.nanos() < deadline
                && differing(expected, last, mask).signum() != 0) {
            runtime.sleep(PAUSE_NANOS);
            last = SizedAccess.read(bar(e.unit()), e.place(), (int) e.size());
        }
        note(register, expected, last);
        BigInteger wrong = differing(expected, last, polled ? mask.andNot(moving) : mask);
        if (wrong.signum() != 0 && overtook(e)) {
            masked.put(register.path(), "a write of another thread was on its way");
        } else if (wrong.signum() != 0 && only(moving, wrong) && ahead(e, last, mask)) {
            masked.put(register.path(), PlayedWrites.FURTHER_ON);
        } else if (wrong.signum() != 0) {
            differences.add(new PlayedDifference(e, last, fields(register, expected, last, wrong)));
        }
    }

    /** Calls are recorded when they return, and a posted write returns before it arrives: a read of another thread that stands behind it may have been answered before. */
    private boolean overtook(RecordedEvent read) {
        RecordedEvent write = written;
        return write != null && write.thread() != read.thread() && read.nanos() - write.nanos() < FLIGHT_NANOS;
    }

    /** Whether the recorded host is answered so later, before it writes there. */
    private boolean ahead(RecordedEvent read, long seen, BigInteger mask) {
        for (RecordedEvent later : events.ahead()) {
            boolean same = later.unit() == read.unit() && later.place() == read.place() && later.size() == read.size();
            if (same && later.kind() == Kind.WRITE) {
                return false;
            }
            if (same && later.kind() == Kind.READ && differing(RegisterNames.raw(later.value()), seen, mask).signum() == 0) {
                return true;
            }
        }
        return false;
    }

    /** Device memory: posted work may still be on its way. */
    private void later(RecordedEvent e, long seen) {
        long last = seen;
        long deadline = runtime.deadline(PATIENCE_NANOS);
        while (last != e.value() && runtime.nanos() < deadline) {
            runtime.sleep(PAUSE_NANOS);
            last = SizedAccess.read(bar(e.unit()), e.place(), (int) e.size());
        }
        if (last != e.value()) {
            differences.add(new PlayedDifference(e, last, "recorded 0x%x, seen 0x%x".formatted(e.value(), last)));
        }
    }

    private static boolean changedByReading(MappedRegister register) {
        return register.register().fields().stream().anyMatch(field -> field.onRead() != OnRead.NONE);
    }

    private static BigInteger differing(BigInteger expected, long seen, BigInteger mask) {
        return expected.xor(RegisterNames.raw(seen)).and(mask);
    }

    private static boolean only(BigInteger allowed, BigInteger bits) {
        return bits.andNot(allowed).signum() == 0;
    }

    private void note(MappedRegister register, BigInteger expected, long seen) {
        for (Field field : register.register().fields()) {
            if (differing(expected, seen, field.mask()).signum() != 0) {
                MaskedFields.reason(register, field).ifPresent(reason -> masked.put(register.path() + "." + field.name(), reason));
            }
        }
    }

    private static String fields(MappedRegister register, BigInteger expected, long seen, BigInteger wrong) {
        StringBuilder text = new StringBuilder(register.path());
        for (Field field : register.register().fields()) {
            if (field.mask().and(wrong).signum() != 0) {
                text.append(" field ").append(field.name()).append(": recorded ")
                        .append(RegisterNames.value(field, field.extract(expected)))
                        .append(", seen ").append(RegisterNames.value(field, field.extract(RegisterNames.raw(seen))));
            }
        }
        return text.toString();
    }

    // ---- memory behind a BAR

    private void bulk(RecordedEvent e) {
        bulk = e;
        bulkDone = 0;
        piece(e);
    }

    private void piece(RecordedEvent e) {
        MemorySegment content = MemorySegment.ofArray(e.content());
        long offset = bulk.place() + bulkDone;
        bulkDone += content.byteSize();
        if (bulk.kind() == Kind.WRITE_BYTES) {
            bar(bulk.unit()).writeBytes(offset, content);
        } else if (bulk.kind() == Kind.READ_BYTES) {
            MemorySegment seen = MemorySegment.ofArray(new byte[e.content().length]);
            bar(bulk.unit()).readBytes(offset, seen);
            compared++;
            long at = content.mismatch(seen);
            if (at >= 0) {
                differences.add(new PlayedDifference(e, 0,
                        String.format(Locale.ROOT, "memory at bar%d+0x%x is different", bulk.unit(), offset + at)));
            }
        }
    }

    // ---- what the device does by itself

    /** What had come before the recorded wait ended comes here, too. */
    private void waited(RecordedEvent wait) {
        if (wait.unit() != Waited.HELD.ordinal()) {
            runtime.sleep(PAUSE_NANOS);
            return;
        }
        for (PlayedWrites.Compared each : writes.come()) {
            compared++;
            RecordedEvent write = each.write();
            switch (each.outcome()) {
                case CAME -> {
                    // as recorded
                }
                case MAY_DIFFER -> masked.put("host memory", each.reason());
                case DIFFERENT -> {
                    long seen = memory.instead(write).leading();
                    differences.add(new PlayedDifference(write, seen, "host memory at iova 0x%x: the device wrote 0x%x, here it is 0x%x"
                            .formatted(write.place(), write.leading(), seen)));
                }
            }
        }
        messages.forEach((vector, count) -> patiently(() -> device.interrupts().delivered(vector) >= count, PATIENCE_NANOS));
    }

    private void unmap(RecordedEvent e) {
        writes.forget(e.place(), memory.size(e.place()));
        memory.unmap(e);
    }

    private void hostWrote(RecordedEvent e) {
        for (RecordedEvent changed : memory.hostWrote(e)) {
            writes.forget(changed.place(), changed.size());
        }
    }

    private void deviceWrote(RecordedEvent e) {
        memory.deviceWrote(e);
        writes.wrote(e);
    }

    private boolean patiently(BooleanSupplier condition, long nanos) {
        return runtime.await(condition, runtime.deadline(nanos));
    }

    /** The recording; closed with this. */
    public RecordingReader reader() {
        return reader;
    }

    @Override
    public void close() {
        memory.close();
    }
}
