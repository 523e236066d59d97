package dev.openppu.rdl.live;

import dev.openppu.rdl.model.Field;
import dev.openppu.rdl.model.OnRead;
import dev.openppu.rdl.model.OnWrite;
import dev.openppu.rdl.model.Register;
import java.math.BigInteger;
import java.util.EnumMap;
import java.util.Map;

/**
 * How one word of a register behaves, as masks over its bits: what all fields of it do at once needs no loop over them. A word is
 * a register of at most 64 bits, or 64 bits of a wider one. Immutable, shared by all instances of the register.
 */
final class WordBehaviour {

    final Register register;
    final int firstBit;
    final long bits;
    final long readable;
    final long clearOnRead;
    final long setOnRead;
    final long userOnRead;
    final long writable;
    final long once;
    final long pulse;
    final long softwareModify;
    final long softwareAccess;
    final long hardwareWritable;
    final long hardwareSet;
    final long hardwareClear;
    final long hardwareWins;
    private final long[] writes;
    final long plainWrites;

    WordBehaviour(Register register, int word) {
        this.register = register;
        this.firstBit = word * 64;
        int width = Math.min(64, register.width());
        this.bits = width == 64 ? -1L : (1L << width) - 1;
        this.readable = mask(field -> field.sw().canRead());
        this.clearOnRead = mask(field -> field.onRead() == OnRead.RCLR) & readable;
        this.setOnRead = mask(field -> field.onRead() == OnRead.RSET) & readable;
        this.userOnRead = mask(field -> field.onRead() == OnRead.RUSER) & readable;
        this.writable = mask(field -> field.sw().canWrite());
        this.once = mask(field -> field.sw().once());
        this.pulse = mask(Field::isSinglePulse);
        this.softwareModify = mask(field -> field.properties().is("swmod"));
        this.softwareAccess = mask(field -> field.properties().is("swacc"));
        this.hardwareWritable = mask(field -> field.hw().canWrite());
        this.hardwareSet = mask(field -> isPin(field, "hwset"));
        this.hardwareClear = mask(field -> isPin(field, "hwclr"));
        this.hardwareWins = mask(field -> field.properties().keyword("precedence", "sw").equals("hw"));
        Map<OnWrite, Long> byKind = new EnumMap<>(OnWrite.class);
        for (OnWrite kind : OnWrite.values()) {
            byKind.put(kind, mask(field -> field.onWrite() == kind) & writable);
        }
        this.plainWrites = byKind.getOrDefault(OnWrite.NONE, 0L) | byKind.getOrDefault(OnWrite.WUSER, 0L);
        this.writes = new long[OnWrite.values().length];
        byKind.forEach((kind, mask) -> writes[kind.ordinal()] = mask);
    }

    /** The property is a pin of its own, and not wired to something in the description. */
    private static boolean isPin(Field field, String property) {
        return field.properties().is(property) && field.properties().reference(property) == null;
    }

    private interface Choice {
        boolean of(Field field);
    }

    private long mask(Choice choice) {
        long mask = 0;
        for (Field field : register.fields()) {
            if (choice.of(field)) {
                mask |= maskOf(field);
            }
        }
        return mask;
    }

    /** The bits that belong to a field. */
    long defined() {
        return mask(field -> true);
    }

    /** The bits of {@code field} that are in this word. */
    long maskOf(Field field) {
        return slice(field.mask());
    }

    /** The bits of {@code value}, a value of the whole register, that are in this word. */
    long slice(BigInteger value) {
        return value.shiftRight(firstBit).longValue() & bits;
    }

    /** What a write of {@code data} makes of {@code old}, where only the bits of {@code enabled} can change. */
    long written(long old, long data, long enabled) {
        long plain = plainWrites & enabled;
        long value = old & ~plain | data & plain;
        if (plainWrites == writable) {
            return value;
        }
        value |= data & in(OnWrite.WOSET, enabled);
        value &= ~(data & in(OnWrite.WOCLR, enabled));
        value ^= data & in(OnWrite.WOT, enabled);
        value |= ~data & in(OnWrite.WZS, enabled);
        value &= ~(~data & in(OnWrite.WZC, enabled));
        value ^= ~data & in(OnWrite.WZT, enabled);
        value &= ~in(OnWrite.WCLR, enabled);
        return value | in(OnWrite.WSET, enabled);
    }

    private long in(OnWrite kind, long enabled) {
        return writes[kind.ordinal()] & enabled;
    }

    /**
     * What driving {@code data} makes of {@code old}, where only the bits of {@code enabled} can change: a field with a set pin is
     * set by ones and keeps its zeros, one with a clear pin is cleared by zeros and keeps its ones, any other takes the data.
     */
    long driven(long old, long data, long enabled) {
        long set = hardwareSet & ~hardwareClear & enabled;
        long clear = hardwareClear & ~hardwareSet & enabled;
        long load = enabled & ~set & ~clear;
        return (old & ~load | data & load | data & set) & ~(~data & clear);
    }
}
