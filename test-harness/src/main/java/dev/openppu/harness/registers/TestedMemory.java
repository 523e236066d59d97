package dev.openppu.harness.registers;

import dev.openppu.hal.mmio.Mmio;
import dev.openppu.hal.mmio.SizedAccess;
import dev.openppu.rdl.model.Memory;
import java.util.Map;

/**
 * A memory of the map whose entries are accessed at once: of 8, 16, 32 or 64 bits.
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

    long mask() {
        return memory.width() == Long.SIZE ? -1L : (1L << memory.width()) - 1;
    }

    long read(Mmio mmio, long entry) {
        long at = offset + entry * memory.width() / Byte.SIZE;
        return mask() & SizedAccess.read(mmio, at, memory.width() / Byte.SIZE);
    }

    void write(Mmio mmio, long entry, long value) {
        long at = offset + entry * memory.width() / Byte.SIZE;
        SizedAccess.write(mmio, at, memory.width() / Byte.SIZE, value);
    }
}
