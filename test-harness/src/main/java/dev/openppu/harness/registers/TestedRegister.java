package dev.openppu.harness.registers;

import dev.openppu.hal.mmio.Mmio;
import dev.openppu.hal.mmio.SizedAccess;
import dev.openppu.rdl.model.Register;
import java.math.BigInteger;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A register at one address.
 *
 * @param bar that shows it
 * @param path without the map's name, for example {@code queue[3].control}
 * @param offset bytes from the BAR's begin
 * @param bigEndian whether its first byte is its most significant one
 * @param reservedOnes whether bits outside fields read 1
 * @param excluded sequences that leave it out, with the reason
 * @param sharedWith the path of the register whose storage this is another address of, if so
 */
record TestedRegister(int bar, String path, long offset, Register register, boolean bigEndian, boolean reservedOnes,
        List<TestedField> fields, Map<Sequence, String> excluded, @Nullable String sharedWith) {
    private static final BigInteger UNSIGNED = BigInteger.ONE.shiftLeft(Long.SIZE).subtract(BigInteger.ONE);

    /** The path with all indices left out: one for all elements of an array. */
    String definition() {
        return path.replaceAll("\\[[0-9]+\\]", "");
    }

    /** Where the description has it: a file and a line, or the name of the map. */
    String source(String otherwise) {
        return register.origin() == null ? otherwise : register.origin().file() + ":" + register.origin().line();
    }

    /** The first byte behind it, from the BAR's begin. */
    long end() {
        return offset + register.width() / Byte.SIZE;
    }

    BigInteger ones() {
        return BigInteger.ONE.shiftLeft(register.width()).subtract(BigInteger.ONE);
    }

    /** Bits that belong to no field. */
    BigInteger reserved() {
        return fields.stream().map(f -> f.field().mask()).reduce(ones(), BigInteger::andNot);
    }

    boolean included(Sequence sequence) {
        return !excluded.containsKey(sequence);
    }

    /** Whether no sequence at all may touch it. */
    boolean untouched() {
        return excluded.size() == Sequence.values().length;
    }

    /** Whether a read changes anything. */
    boolean readHasEffect() {
        return fields.stream().anyMatch(f -> f.field().sw().canRead() && f.field().onRead() != dev.openppu.rdl.model.OnRead.NONE);
    }

    /** The fields by the access of a write that carries them, in the order of the accesses; one that reaches over several counts to its first. */
    Collection<List<TestedField>> fieldsByAccess() {
        return pieceBits() >= register.width()
                ? List.of(fields)
                : fields.stream().collect(Collectors.groupingBy(f -> f.field().low() / pieceBits(), TreeMap::new, Collectors.toList()))
                        .values();
    }

    Optional<TestedField> fieldAt(int bit) {
        return fields.stream().filter(f -> f.field().mask().testBit(bit)).findFirst();
    }

    BigInteger read(Mmio mmio) {
        BigInteger value = BigInteger.ZERO;
        int bits = pieceBits();
        for (int piece = 0; piece < register.width() / bits; piece++) {
            value = value.or(readPiece(mmio, address(piece, bits), bits).shiftLeft(piece * bits));
        }
        return value;
    }

    void write(Mmio mmio, BigInteger value) {
        int bits = pieceBits();
        for (int piece = 0; piece < register.width() / bits; piece++) {
            writePiece(mmio, address(piece, bits), bits, value.shiftRight(piece * bits).longValue());
        }
    }

    private int pieceBits() {
        return Math.min(Long.SIZE, register.accessWidth());
    }

    private long address(int piece, int bits) {
        int place = bigEndian ? register.width() / bits - 1 - piece : piece;
        return offset + (long) place * bits / Byte.SIZE;
    }

    private BigInteger readPiece(Mmio mmio, long at, int bits) {
        long raw = SizedAccess.read(mmio, at, bits / Byte.SIZE);
        return BigInteger.valueOf(raw).and(bits == Long.SIZE ? UNSIGNED : BigInteger.ONE.shiftLeft(bits).subtract(BigInteger.ONE));
    }

    private static void writePiece(Mmio mmio, long at, int bits, long value) {
        SizedAccess.write(mmio, at, bits / Byte.SIZE, value);
    }
}
