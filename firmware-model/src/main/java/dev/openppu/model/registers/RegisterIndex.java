package dev.openppu.model.registers;

import dev.openppu.rdl.model.AddressMap;
import dev.openppu.rdl.model.Expansion;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** Where a map has registers, how wide they are, what they are called, and which of them this device lacks. */
final class RegisterIndex {
    private static final int WORD = 4;

    private final byte[] widths;
    private final boolean[] absent;
    private final TreeMap<Long, String> names = new TreeMap<>();

    RegisterIndex(AddressMap map) {
        int words = (int) ((map.elementSize() + WORD - 1) / WORD);
        widths = new byte[words];
        absent = new boolean[words];
        Expansion.registers(map).forEach(each -> {
            widths[(int) (each.address() / WORD)] = (byte) (each.register().width() / Byte.SIZE);
            names.put(each.address(), each.pathInRoot());
        });
    }

    /** Bytes of the register that begins at an address, or 0 if none does. */
    int width(long address) {
        return address % WORD == 0 && address / WORD < widths.length ? widths[(int) (address / WORD)] : 0;
    }

    /** This device lacks the register. */
    boolean absent(long address) {
        return absent[(int) (address / WORD)];
    }

    /** Marks the registers of a range as lacking, or as there. */
    void markAbsent(long from, long bytes, boolean lacking) {
        Arrays.fill(absent, (int) (from / WORD), (int) ((from + bytes + WORD - 1) / WORD), lacking);
    }

    /** Name of the register that covers an address as the map has it, for example {@code queue[3].control}; empty if there is none. */
    String name(long address) {
        Map.Entry<Long, String> entry = names.floorEntry(address);
        return entry != null && address < entry.getKey() + width(entry.getKey()) ? entry.getValue() : "";
    }
}
