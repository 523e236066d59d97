package dev.openppu.hal.pci;

import dev.openppu.hal.pci.PciRegister.Header;
import dev.openppu.hal.pci.PciRegister.Status;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * The capability lists of a function, walked without trust: a pointer out of range, into the header, unaligned, or to a place already visited ends the list.
 */
public final class Capabilities {
    private static final int FIRST_OFFSET = 0x40;
    private static final int CONVENTIONAL_SIZE = 0x100;
    private static final int EXTENDED_BEGIN = 0x100;
    private static final int ALL_ONES_8 = 0xFF;

    private Capabilities() {}

    /** All capabilities in the order of their lists; none if the function does not answer. */
    public static List<Capability> walk(ConfigSpace config) {
        List<Capability> found = new ArrayList<>();
        if (config.read32(Header.VENDOR_ID) == -1) {
            return found;
        }
        if ((config.read16(Header.STATUS) & Status.CAPABILITIES_LIST) != 0) {
            walkConventional(config, found);
        }
        if (config.size() > CONVENTIONAL_SIZE) {
            walkExtended(config, found);
        }
        return found;
    }

    private static void walkConventional(ConfigSpace config, List<Capability> found) {
        BitSet visited = new BitSet(CONVENTIONAL_SIZE);
        int offset = config.read8(Header.CAPABILITIES_POINTER) & ~3;
        while (offset >= FIRST_OFFSET && !visited.get(offset)) {
            visited.set(offset);
            int head = config.read16(offset);
            int id = head & 0xFF;
            if (id == ALL_ONES_8) {
                return;
            }
            if (id != 0) {
                found.add(new Capability(id, offset, false, 0));
            }
            offset = head >>> 8 & ~3;
        }
    }

    private static void walkExtended(ConfigSpace config, List<Capability> found) {
        BitSet visited = new BitSet(config.size());
        int offset = EXTENDED_BEGIN;
        while (offset >= EXTENDED_BEGIN && offset <= config.size() - 4 && !visited.get(offset)) {
            visited.set(offset);
            int head = config.read32(offset);
            if (head == 0 || head == -1) {
                return;
            }
            found.add(new Capability(head & 0xFFFF, offset, true, head >>> 16 & 0xF));
            offset = head >>> 20 & ~3;
        }
    }

    /** The first capability of this id in the conventional list. */
    public static Optional<Capability> find(ConfigSpace config, int id) {
        return walk(config).stream().filter(c -> !c.extended() && c.id() == id).findFirst();
    }

    /** The first capability of this id in the extended list. */
    public static Optional<Capability> findExtended(ConfigSpace config, int id) {
        return walk(config).stream().filter(c -> c.extended() && c.id() == id).findFirst();
    }
}
