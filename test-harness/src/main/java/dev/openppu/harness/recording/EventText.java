package dev.openppu.harness.recording;

import dev.openppu.hal.ResetKind;
import dev.openppu.hal.dma.DmaAccess;
import dev.openppu.hal.record.Kind;
import dev.openppu.hal.record.RecordedEvent;
import dev.openppu.hal.record.Thrown;
import dev.openppu.hal.record.Waited;
import java.util.Locale;

/** Records as lines of text. Stateless. */
public final class EventText {
    private final RegisterNames names;
    private final boolean decode;

    /** @param decode values of registers by their fields */
    public EventText(RegisterNames names, boolean decode) {
        this.names = names;
        this.decode = decode;
    }

    /** {@code NUMBER TIME THREAD KIND DETAIL}. */
    public String line(RecordedEvent event) {
        String detail = detail(event);
        return String.format(Locale.ROOT, "%d %d %s %s%s", event.number(), event.nanos(),
                event.kind().call() ? "t" + event.thread() : "device",
                event.kind().word(), detail.isEmpty() ? "" : " " + detail);
    }

    /** What stands behind the kind. */
    public String detail(RecordedEvent e) {
        return switch (e.kind()) {
            case READ, WRITE -> register(e);
            case READ_BYTES, WRITE_BYTES -> place(e) + " bytes=" + e.size() + " crc32c=" + hex(e.value());
            case MORE -> "bytes=" + e.content().length;
            case CONFIG_READ, CONFIG_WRITE ->
                String.format(Locale.ROOT, "0x%03x%s bytes=%d = %s", e.place(), spaced(names.config(e.place())), e.size(),
                        hex(e.value()));
            case BAR -> "bar" + e.unit() + " bytes=" + e.size();
            case WAIT -> (e.unit() == Waited.HELD.ordinal() ? "held" : "timed-out")
                    + (e.value() == Long.MAX_VALUE ? "" : " deadline=" + e.value());
            case SLEEP -> e.value() + " ns";
            case START -> "t" + e.unit() + " " + printable(e.text());
            case JOIN -> "t" + e.unit() + (e.value() == 0 ? " runs" : " ended");
            case INTERRUPT -> "t" + e.unit();
            case ALLOCATE, MAP, MAP_AT -> memory(e) + " " + rights(e.unit());
            case UNMAP -> "iova=" + hex(e.place());
            case IRQ_ENABLE -> e.unit() + " vectors";
            case IRQ_MASK, IRQ_UNMASK -> "vector " + e.unit();
            case IRQ_PENDING -> "vector " + e.unit() + " = " + e.value();
            case IRQ -> "vector " + e.unit() + (e.value() == 1 ? "" : " times=" + e.value());
            case RESET -> e.unit() < ResetKind.values().length ? ResetKind.values()[e.unit()].toString() : "kind " + e.unit();
            case FAILED -> failed(e);
            case DMA_READ, DMA_WRITE, HOST_WRITE -> memory(e) + content(e);
            case DMA_REFUSED -> memory(e) + (e.unit() == 0 ? " read" : " write");
            case UNSEEN -> memory(e) + ": its content is not recorded";
            default -> "";
        };
    }

    /** What host software says by a call that nobody has answered: no value where the device would have given one. */
    public String asked(RecordedEvent e) {
        return switch (e.kind()) {
            case READ, READ_BYTES -> place(e) + " bytes=" + e.size() + ": no value";
            case CONFIG_READ -> String.format(Locale.ROOT, "0x%03x%s bytes=%d: no value", e.place(), spaced(names.config(e.place())),
                    e.size());
            case IRQ_PENDING -> "vector " + e.unit() + ": no value";
            default -> detail(e);
        };
    }

    private String register(RecordedEvent e) {
        String fields = decode ? names.fields(e.unit(), e.place(), e.size(), e.value()) : "";
        return place(e) + " bytes=" + e.size() + " = " + hex(e.value()) + (fields.isEmpty() ? "" : " (" + fields + ")");
    }

    private String place(RecordedEvent e) {
        return String.format(Locale.ROOT, "bar%d+0x%x%s", e.unit(), e.place(), spaced(names.name(e.unit(), e.place())));
    }

    private static String memory(RecordedEvent e) {
        return "iova=" + hex(e.place()) + " bytes=" + e.size();
    }

    private static String content(RecordedEvent e) {
        return e.content().length == Long.BYTES
                ? " = " + hex(java.nio.ByteBuffer.wrap(e.content()).order(java.nio.ByteOrder.LITTLE_ENDIAN).getLong())
                : " crc32c=" + hex(e.value());
    }

    private static String failed(RecordedEvent e) {
        String thrown = e.value() >= 0 && e.value() < Thrown.values().length ? Thrown.values()[(int) e.value()].toString() : "?";
        return kind(e.unit()) + ": " + thrown + " " + printable(e.text());
    }

    private static String kind(int code) {
        for (Kind kind : Kind.values()) {
            if (kind.code() == code) {
                return kind.word();
            }
        }
        return "?";
    }

    private static String rights(int ordinal) {
        return ordinal < DmaAccess.values().length ? DmaAccess.values()[ordinal].toString() : "?";
    }

    private static String spaced(String name) {
        return name.isEmpty() ? "" : " " + name;
    }

    /** Text of somebody else's must have no power over a terminal. */
    private static String printable(String text) {
        return text.replaceAll("\\p{Cc}", "?");
    }

    private static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }
}
