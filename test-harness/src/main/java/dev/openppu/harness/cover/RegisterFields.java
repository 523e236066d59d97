package dev.openppu.harness.cover;

import dev.openppu.abi.PpuIds;
import dev.openppu.abi.reg.PpuBar0Regs;
import dev.openppu.rdl.model.AddressMap;
import dev.openppu.rdl.model.Expansion;
import dev.openppu.rdl.model.Field;
import dev.openppu.rdl.model.Register;
import dev.openppu.rdl.model.RegisterInstance;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The fields of a PPU's registers, numbered in the order of the map; the elements of an array count as one: {@code queue[].control.enable}. Immutable, thread-safe.
 */
public final class RegisterFields {
    private static final Pattern INDEX = Pattern.compile("\\[[0-9]+]");
    private static final RegisterFields PPU = new RegisterFields(PpuIds.BAR_REGISTERS, load());

    private final int bar;
    private final List<Place> places = new ArrayList<>();
    private final List<String> names = new ArrayList<>();
    /** Of each 32-bit word of the BAR: the place that it belongs to, twice its number, plus one for an upper half; -1 where there is none. */
    private final int[] words;

    /**
     * A register, or all elements of an array of them.
     *
     * @param name arrays without their indices
     * @param first number of its first field
     */
    public record Place(String name, Register register, int first) {}

    private RegisterFields(int bar, AddressMap map) {
        this.bar = bar;
        List<RegisterInstance> all = Expansion.registers(map).toList();
        long end = all.stream().mapToLong(each -> each.address() + each.register().width() / 8).max().orElse(0);
        words = new int[Math.toIntExact((end + 3) / 4)];
        Arrays.fill(words, -1);
        Map<String, Integer> numbers = new HashMap<>();
        for (RegisterInstance each : all) {
            int number = numbers.computeIfAbsent(INDEX.matcher(each.pathInRoot()).replaceAll("[]"), name -> add(name, each.register()));
            int word = (int) (each.address() / 4);
            for (int half = 0; half < Math.max(1, each.register().width() / 32); half++) {
                words[word + half] = 2 * number + half;
            }
        }
    }

    private int add(String name, Register register) {
        places.add(new Place(name, register, names.size()));
        for (Field field : register.fields()) {
            names.add(name + "." + field.name());
        }
        return places.size() - 1;
    }

    private static AddressMap load() {
        try (InputStream in = PpuBar0Regs.class.getResourceAsStream("ppu_bar0.map.json")) {
            if (in == null) {
                throw new IllegalStateException("this build lacks its register map");
            }
            return AddressMap.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Those of a PPU. */
    public static RegisterFields ofPpu() {
        return PPU;
    }

    /** The BAR that shows them. */
    public int bar() {
        return bar;
    }

    /** Their names, by their numbers. */
    public List<String> names() {
        return names;
    }

    /** The registers that they are in. */
    public List<Place> places() {
        return places;
    }

    /** The number of the register at an offset, twice, plus one if it is the upper half; -1 if there is none. */
    int at(long offset) {
        long word = offset >>> 2;
        return word < words.length ? words[(int) word] : -1;
    }
}
