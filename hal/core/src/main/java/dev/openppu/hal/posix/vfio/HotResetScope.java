package dev.openppu.hal.posix.vfio;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * What is reset together with a function when the bus above it is.
 *
 * @param owned the kernel says that all of it belongs to who asks (by iommufd; of groups it does not say)
 * @param functions all of them, the one that was asked about among them
 */
public record HotResetScope(boolean owned, List<Function> functions) {
    private static final int BY_DEVICE = 1;
    private static final int BY_DEVICE_OWNED = 1 << 1;

    /**
     * A function.
     *
     * @param group its IOMMU group, or its number in an iommufd
     * @param address {@code DDDD:BB:DD.F}
     */
    public record Function(int group, String address) {}

    public HotResetScope {
        functions = List.copyOf(functions);
    }

    /** All of it is in this group. */
    boolean within(int group) {
        return !functions.isEmpty() && functions.stream().allMatch(function -> function.group == group);
    }

    static HotResetScope of(MemorySegment information) {
        int flags = information.get(JAVA_INT, VfioStructures.FLAGS);
        long room = (information.byteSize() - VfioStructures.HOT_RESET_HEAD) / VfioStructures.DEPENDENT_BYTES;
        long count = Math.min(room, Integer.toUnsignedLong(information.get(JAVA_INT, VfioStructures.HOT_RESET_COUNT)));
        List<Function> functions = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            functions.add(function(information.asSlice(VfioStructures.HOT_RESET_HEAD + i * VfioStructures.DEPENDENT_BYTES)));
        }
        return new HotResetScope((flags & (BY_DEVICE | BY_DEVICE_OWNED)) == (BY_DEVICE | BY_DEVICE_OWNED), functions);
    }

    private static Function function(MemorySegment entry) {
        int place = Byte.toUnsignedInt(entry.get(JAVA_BYTE, 7));
        return new Function(entry.get(JAVA_INT, 0), "%04x:%02x:%02x.%x".formatted(Short.toUnsignedInt(entry.get(JAVA_SHORT, 4)),
                Byte.toUnsignedInt(entry.get(JAVA_BYTE, 6)), place >>> 3, place & 7));
    }
}
