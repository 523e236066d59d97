package dev.openppu.harness.registers;

import dev.openppu.hal.mmio.Mmio;
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
        return mask() & switch (memory.width()) {
            case Byte.SIZE -> mmio.read8(at);
            case Short.SIZE -> mmio.read16(at);
            case Integer.SIZE -> mmio.read32(at);
            default -> mmio.read64(at);
        };
    }

    void write(Mmio mmio, long entry, long value) {
        long at = offset + entry * memory.width() / Byte.SIZE;
        switch (memory.width()) {
            case Byte.SIZE -> mmio.write8(at, (byte) value);
            case Short.SIZE -> mmio.write16(at, (short) value);
            case Integer.SIZE -> mmio.write32(at, (int) value);
            default -> mmio.write64(at, value);
        }
    }
}
