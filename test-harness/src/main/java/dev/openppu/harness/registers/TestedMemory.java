package dev.openppu.harness.registers;

import dev.openppu.hal.mmio.Mmio;
import dev.openppu.hal.mmio.SizedAccess;
import dev.openppu.rdl.model.Addressable;
import dev.openppu.rdl.model.Memory;
import java.util.Map;
import java.util.Optional;

/**
 * A memory of the map, word by word: an entry of up to 64 bits is one word of its size, a wider one several words of 8 bytes, the lowest bits first. An entry takes the least power of two of bytes that
 * holds it (SystemRDL 2.0, 11.2); its bits beyond {@code memwidth} do not exist and are not compared.
 *
 * @param offset bytes from the BAR's begin
 * @param excluded sequences that leave it out, with the reason
 */
record TestedMemory(int bar, String path, long offset, Memory memory, Map<Sequence, String> excluded) {

    String definition() {
        return path.replaceAll("\\[[0-9]+\\]", "");
    }

    String source(String otherwise) {
        return memory.origin() == null ? otherwise : memory.origin().file() + ":" + memory.origin().line();
    }

    /** Why none of its words can be tested; empty if they can. */
    Optional<String> untestable() {
        if (memory.children().stream().anyMatch(Addressable.class::isInstance)) {
            return Optional.of("registers lie over this memory: they are tested in its place, what is between them is not");
        }
        return switch (memory.sw()) {
            case RW -> Optional.empty();
            case R -> Optional.of("software only reads this memory, and nobody says what is in it");
            case W -> Optional.of("software only writes this memory: what it holds cannot be seen");
            case NA -> Optional.of("software has no access to this memory");
            case RW1, W1 -> Optional.of("software writes this memory once: patterns cannot be tried");
        };
    }

    private long entryBytes() {
        return memory.elementSize() / memory.entries();
    }

    private int wordBytes() {
        return (int) Math.min(entryBytes(), Long.BYTES);
    }

    /** Words of an entry that have bits. */
    private int wordsPerEntry() {
        return Math.ceilDiv(memory.width(), wordBytes() * Byte.SIZE);
    }

    /** How many there are. */
    long words() {
        return memory.entries() * wordsPerEntry();
    }

    /** What messages call a word. */
    String name(long word) {
        String entry = "%s[%d]".formatted(path, word / wordsPerEntry());
        long first = word % wordsPerEntry() * Long.SIZE;
        return wordsPerEntry() == 1
                ? entry
                : "%s bits %d to %d".formatted(entry, first, Math.min(first + Long.SIZE, memory.width()) - 1);
    }

    /** The bits that a word has. */
    long mask(long word) {
        long bits = Math.min((long) wordBytes() * Byte.SIZE, memory.width() - word % wordsPerEntry() * Long.SIZE);
        return bits == Long.SIZE ? -1L : (1L << bits) - 1;
    }

    private long place(long word) {
        return offset + word / wordsPerEntry() * entryBytes() + word % wordsPerEntry() * Long.BYTES;
    }

    long read(Mmio mmio, long word) {
        return mask(word) & SizedAccess.read(mmio, place(word), wordBytes());
    }

    void write(Mmio mmio, long word, long value) {
        SizedAccess.write(mmio, place(word), wordBytes(), value & mask(word));
    }
}
