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
 * The fields of a device's registers, numbered in the order of the map; the elements of an array count as one: {@code queue[].control.enable}. Immutable, thread-safe.
 */
public final class RegisterFields {
    static final int NONE = -1;
    private static final int WIDEST_GRAIN = 4;
    private static final Pattern INDEX = Pattern.compile("\\[[0-9]+]");
    private static final RegisterFields PPU = new RegisterFields(PpuIds.BAR_REGISTERS, load());

    private final int bar;
    private final List<Place> places = new ArrayList<>();
    private final List<String> names = new ArrayList<>();
    /** Bytes of the narrowest register, four at most: no two registers share a grain. */
    private final int grain;
    /** Of each grain of the BAR: the number of the place that it belongs to; -1 where there is none. */
    private final int[] numbers;
    /** Of each grain: how many grains of its register come before it. */
    private final byte[] parts;

    /**
     * A register, or all elements of an array of them.
     *
     * @param name arrays without their indices
     * @param first number of its first field
     */
    public record Place(String name, Register register, int first) {}

    /**
     * Those of a map.
     *
     * @param bar that shows it from offset 0 on
     */
    public RegisterFields(int bar, AddressMap map) {
        this.bar = bar;
        List<RegisterInstance> all = Expansion.registers(map).toList();
        long end = all.stream().mapToLong(each -> each.address() + byteSize(each)).max().orElse(0);
        grain = all.stream().mapToInt(each -> byteSize(each)).filter(bytes -> bytes < WIDEST_GRAIN).min().orElse(WIDEST_GRAIN);
        numbers = new int[Math.toIntExact((end + grain - 1) / grain)];
        parts = new byte[numbers.length];
        Arrays.fill(numbers, NONE);
        Map<String, Integer> known = new HashMap<>();
        for (RegisterInstance each : all) {
            int number = known.computeIfAbsent(INDEX.matcher(each.pathInRoot()).replaceAll("[]"), name -> add(name, each.register()));
            int first = (int) (each.address() / grain);
            for (int part = 0; part < byteSize(each) / grain; part++) {
                numbers[first + part] = number;
                parts[first + part] = (byte) part;
            }
        }
    }

    private static int byteSize(RegisterInstance each) {
        return each.register().width() / Byte.SIZE;
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

    /** Of so many bytes at most, aligned to as many, all belong to one register, or to none. */
    int grain() {
        return grain;
    }

    /** The number of the register at an offset; {@link #NONE} if there is none. */
    int numberAt(long offset) {
        long at = offset / grain;
        return at < numbers.length ? numbers[(int) at] : NONE;
    }

    /** The lowest bit of its register that the byte at an offset has. */
    int bitAt(long offset) {
        return (int) (Byte.SIZE * (grain * parts[(int) (offset / grain)] + offset % grain));
    }
}
