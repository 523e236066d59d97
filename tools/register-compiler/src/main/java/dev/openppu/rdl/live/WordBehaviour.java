package dev.openppu.rdl.live;

import dev.openppu.rdl.model.Field;
import dev.openppu.rdl.model.OnRead;
import dev.openppu.rdl.model.OnWrite;
import dev.openppu.rdl.model.Register;
import dev.openppu.rdl.model.Value;
import java.math.BigInteger;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How one word of a register behaves, as masks over its bits: what all fields of it do at once needs no loop over them. A word is
 * a register of at most 64 bits, or 64 bits of a wider one. Immutable, shared by all instances of the register.
 */
final class WordBehaviour {

    final Register register;
    final int firstBit;
    /** Where the word stands in its register, in bytes. */
    final int byteOffset;
    final int bytes;
    /** Bytes of the narrowest access that it takes. */
    final int accessBytes;
    final boolean bigEndian;
    final long bits;
    /** Bits that no field has and that read as ones. */
    final long reservedOnes;
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
    /** Bits where a read does more than show the value. */
    final long readEffects;
    /** Bits that a write hands to the user. */
    final long userOnWrite;
    /** Reset values, by the signal that brings them about. */
    final List<Reset> resets;
    private final long[] writes;
    private final long plainWrites;

    /**
     * @param register     the register
     * @param word         which of its words, from the lowest bits
     * @param surroundings what the address maps around it say
     */
    WordBehaviour(Register register, int word, Surroundings surroundings) {
        this.register = register;
        this.firstBit = word * 64;
        this.bytes = Math.min(8, register.width() / 8);
        this.bigEndian = surroundings.bigEndian();
        this.byteOffset = bigEndian ? register.width() / 8 - bytes - word * 8 : word * 8;
        this.accessBytes = Math.min(8, register.accessWidth() / 8);
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
        this.reservedOnes = surroundings.reservedOnes() ? bits & ~mask(field -> true) : 0;
        this.readEffects = clearOnRead | setOnRead | userOnRead | softwareAccess & readable;
        Map<OnWrite, Long> byKind = new EnumMap<>(OnWrite.class);
        for (OnWrite kind : OnWrite.values()) {
            byKind.put(kind, mask(field -> field.onWrite() == kind) & writable);
        }
        this.userOnWrite = byKind.getOrDefault(OnWrite.WUSER, 0L);
        this.plainWrites = byKind.getOrDefault(OnWrite.NONE, 0L) | byKind.getOrDefault(OnWrite.WUSER, 0L);
        this.writes = new long[OnWrite.values().length];
        byKind.forEach((kind, mask) -> writes[kind.ordinal()] = mask);
        this.resets = resets();
    }

    /**
     * Reset values of the fields that one signal resets.
     *
     * @param signal the reference to it, or null for the fields that name none
     * @param mask   the fields
     * @param value  their values
     */
    record Reset(Value.@Nullable Reference signal, long mask, long value) {}

    private List<Reset> resets() {
        Map<Optional<Value.Reference>, Reset> bySignal = new LinkedHashMap<>();
        for (Field field : register.fields()) {
            BigInteger value = field.reset();
            long mask = maskOf(field);
            if (value != null && mask != 0) {
                Value.Reference signal = field.properties().reference("resetsignal");
                bySignal.merge(Optional.ofNullable(signal), new Reset(signal, mask, slice(value.shiftLeft(field.low()))),
                        (a, b) -> new Reset(signal, a.mask | b.mask, a.value | b.value));
            }
        }
        return List.copyOf(bySignal.values());
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

    /**
     * What the address maps around a register say of it.
     *
     * @param bigEndian    whether its most significant byte stands at its lowest address
     * @param reservedOnes whether bits without a field read as ones
     */
    record Surroundings(boolean bigEndian, boolean reservedOnes) {}

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
