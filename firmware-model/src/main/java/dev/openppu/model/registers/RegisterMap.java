package dev.openppu.model.registers;

import dev.openppu.rdl.live.Blueprint;
import dev.openppu.rdl.live.LiveRegisters;
import dev.openppu.rdl.model.AddressMap;
import dev.openppu.rdl.model.Expansion;
import java.util.Map;
import java.util.TreeMap;

/** A compiled map as many devices share it: where it has registers, how wide they are, what they are called, how they behave. Does not change. */
public final class RegisterMap {
    /** Bytes. */
    static final int WORD = 4;

    private final Blueprint blueprint;
    private final byte[] widths;
    private final TreeMap<Long, String> names = new TreeMap<>();

    RegisterMap(AddressMap map) {
        blueprint = new Blueprint(map);
        widths = new byte[(int) ((map.elementSize() + WORD - 1) / WORD)];
        Expansion.registers(map).forEach(each -> {
            widths[word(each.address())] = (byte) (each.register().width() / Byte.SIZE);
            names.put(each.address(), each.pathInRoot());
        });
    }

    /** Registers of one device, every field at its reset value. */
    LiveRegisters bringToLife() {
        return new LiveRegisters(blueprint);
    }

    /** How many words it is long. */
    int words() {
        return widths.length;
    }

    /** The word in which an address is. */
    static int word(long address) {
        return (int) (address / WORD);
    }

    /** Bytes of the register that begins at an address, or 0 if none does. */
    int width(long address) {
        return address % WORD == 0 && address / WORD < widths.length ? widths[word(address)] : 0;
    }

    /** Name of the register that covers an address as the map has it, for example {@code queue[3].control}; empty if there is none. */
    String name(long address) {
        Map.Entry<Long, String> entry = names.floorEntry(address);
        return entry != null && address < entry.getKey() + width(entry.getKey()) ? entry.getValue() : "";
    }
}
