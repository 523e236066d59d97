package dev.openppu.hal.mmio;

import java.lang.foreign.MemorySegment;
import java.util.List;

/** A window parts of which are memory: an access that lies in such a part is a load or a store there, any other one goes to the trap behind. */
public final class PartlyMapped implements MmioTrap {
    private final Part[] parts;
    private final MmioTrap behind;

    /**
     * A part.
     *
     * @param offset of its first byte in the window
     */
    public record Part(long offset, MappedMmio memory) {
        boolean has(long at, long bytes) {
            return at >= offset && at - offset <= memory.size() - bytes;
        }
    }

    /** @param parts do not overlap */
    public PartlyMapped(List<Part> parts, MmioTrap behind) {
        this.parts = parts.toArray(Part[]::new);
        this.behind = behind;
    }

    @Override
    public long read(long offset, int bytes) {
        for (Part part : parts) {
            if (part.has(offset, bytes)) {
                return SizedAccess.read(part.memory, offset - part.offset, bytes);
            }
        }
        return behind.read(offset, bytes);
    }

    @Override
    public void write(long offset, int bytes, long value) {
        for (Part part : parts) {
            if (part.has(offset, bytes)) {
                SizedAccess.write(part.memory, offset - part.offset, bytes, value);
                return;
            }
        }
        behind.write(offset, bytes, value);
    }

    @Override
    public void readBytes(long offset, MemorySegment destination) {
        for (Part part : parts) {
            if (part.has(offset, destination.byteSize())) {
                part.memory.readBytes(offset - part.offset, destination);
                return;
            }
        }
        behind.readBytes(offset, destination);
    }

    @Override
    public void writeBytes(long offset, MemorySegment source) {
        for (Part part : parts) {
            if (part.has(offset, source.byteSize())) {
                part.memory.writeBytes(offset - part.offset, source);
                return;
            }
        }
        behind.writeBytes(offset, source);
    }
}
