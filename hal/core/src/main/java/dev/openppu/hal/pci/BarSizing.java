package dev.openppu.hal.pci;

import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.LinkException;
import dev.openppu.hal.pci.PciRegister.Bar;
import dev.openppu.hal.pci.PciRegister.Command;
import dev.openppu.hal.pci.PciRegister.Header;
import java.util.ArrayList;
import java.util.List;

/** Finds a function's BARs of memory space and their sizes by writing all ones (7.5.1.2.1); puts back what was there. Memory decoding is off meanwhile. */
public final class BarSizing {
    private static final long UPPER_ONES = 0xFFFF_FFFFL << 32;

    private BarSizing() {}

    /** @throws LinkException if a BAR's size is not a power of two, or a 64-bit BAR has no upper half */
    public static List<DeviceLink.Bar> probe(ConfigSpace config) {
        int command = config.read16(Header.COMMAND);
        config.write16(Header.COMMAND, command & ~Command.MEMORY_SPACE_ENABLE);
        try {
            return probeAll(config);
        } finally {
            config.write16(Header.COMMAND, command);
        }
    }

    private static List<DeviceLink.Bar> probeAll(ConfigSpace config) {
        List<DeviceLink.Bar> bars = new ArrayList<>();
        for (int index = 0; index < Header.BARS; index++) {
            int saved = config.read32(Header.bar(index));
            if ((saved & Bar.IO_SPACE) != 0) {
                continue;
            }
            boolean wide = (saved & Bar.TYPE_MASK) == Bar.TYPE_64_BIT;
            if (wide && index == Header.BARS - 1) {
                throw new LinkException("BAR5 says that it is 64-bit, and there is no BAR6 for its upper half");
            }
            long size = size(config, index, wide);
            if (size != 0) {
                bars.add(new DeviceLink.Bar(index, size, wide, (saved & Bar.PREFETCHABLE) != 0));
            }
            index += wide ? 1 : 0;
        }
        return List.copyOf(bars);
    }

    private static long size(ConfigSpace config, int index, boolean wide) {
        long answer = UPPER_ONES | Integer.toUnsignedLong(probeRegister(config, index)) & ~0xFL;
        if (wide) {
            answer = answer & ~UPPER_ONES | Integer.toUnsignedLong(probeRegister(config, index + 1)) << 32;
        }
        if (answer == 0 || answer == UPPER_ONES && !wide) {
            return 0;
        }
        long size = -answer;
        if (Long.bitCount(size) != 1) {
            throw new LinkException("BAR%d answers all ones with 0x%x, which is no power of two".formatted(index, answer));
        }
        return size;
    }

    private static int probeRegister(ConfigSpace config, int index) {
        int offset = Header.bar(index);
        int saved = config.read32(offset);
        config.write32(offset, -1);
        int answer = config.read32(offset);
        config.write32(offset, saved);
        return answer;
    }
}
