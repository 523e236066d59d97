package dev.openppu.model.pcie;

import dev.openppu.hal.ResetKind;

/** Configuration space's present content; software's writes obey the {@link ConfigLayout}, the hardware's go straight in. */
final class ConfigBytes {
    private final ConfigLayout layout;
    private final byte[] bytes;
    private final byte[] writable;

    ConfigBytes(ConfigLayout layout) {
        this.layout = layout;
        this.bytes = layout.reset.clone();
        this.writable = layout.writable.clone();
    }

    int read(int offset, int count) {
        int value = 0;
        for (int i = 0; i < count; i++) {
            value |= (bytes[offset + i] & 0xff) << 8 * i;
        }
        return value;
    }

    void write(int offset, int count, int value) {
        for (int i = 0; i < count; i++) {
            int at = offset + i;
            int written = value >>> 8 * i & 0xff;
            int kept = bytes[at] & ~writable[at] & ~(written & layout.clearedByOnes[at]);
            bytes[at] = (byte) (kept | written & writable[at]);
        }
    }

    /** Hardware sets bits. */
    void set(int offset, int count, int mask) {
        replace(offset, count, mask, mask);
    }

    /** Hardware replaces the bits of {@code mask}. */
    void replace(int offset, int count, int mask, int value) {
        ConfigLayout.store(bytes, offset, count, read(offset, count) & ~mask | value & mask);
    }

    /** Software may from now on write these bits of a register. */
    void makeWritable(int offset, int count, int mask) {
        ConfigLayout.store(writable, offset, count, mask);
    }

    void reset(ResetKind kind) {
        System.arraycopy(layout.writable, 0, writable, 0, writable.length);
        for (int i = 0; i < bytes.length; i++) {
            int kept = switch (kind) {
                case COLD -> 0;
                case SECONDARY_BUS -> layout.sticky[i];
                case FUNCTION_LEVEL -> layout.sticky[i] | layout.keptByFunctionReset[i];
            };
            bytes[i] = (byte) (bytes[i] & kept | layout.reset[i] & ~kept);
        }
    }
}
