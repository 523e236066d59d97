package dev.openppu.harness.recording;

import dev.openppu.hal.pci.PciRegister.Header;
import dev.openppu.hal.record.RecordingInfo;
import dev.openppu.harness.bench.MappedRegister;
import dev.openppu.harness.bench.RegisterCensus;
import dev.openppu.rdl.model.AddressMap;
import dev.openppu.rdl.model.EnumType;
import dev.openppu.rdl.model.Field;
import dev.openppu.rdl.path.Locator;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Names of what stands where in a device's BARs and config space. Immutable. */
public final class RegisterNames {
    private static final Map<Integer, String> CONFIG = Map.ofEntries(Map.entry(Header.VENDOR_ID, "vendor_id"),
            Map.entry(Header.DEVICE_ID, "device_id"), Map.entry(Header.COMMAND, "command"), Map.entry(Header.STATUS, "status"),
            Map.entry(Header.REVISION_ID, "revision_id"), Map.entry(Header.CLASS_CODE, "class_code"),
            Map.entry(Header.CACHE_LINE_SIZE, "cache_line_size"), Map.entry(Header.HEADER_TYPE, "header_type"),
            Map.entry(Header.SUBSYSTEM_VENDOR_ID, "subsystem_vendor_id"), Map.entry(Header.SUBSYSTEM_ID, "subsystem_id"),
            Map.entry(Header.CAPABILITIES_POINTER, "capabilities_pointer"), Map.entry(Header.INTERRUPT_LINE, "interrupt_line"),
            Map.entry(Header.INTERRUPT_PIN, "interrupt_pin"), Map.entry(Header.BAR0, "bar0"), Map.entry(Header.BAR0 + 4, "bar1"),
            Map.entry(Header.BAR0 + 8, "bar2"), Map.entry(Header.BAR0 + 12, "bar3"), Map.entry(Header.BAR0 + 16, "bar4"),
            Map.entry(Header.BAR0 + 20, "bar5"));

    private final Map<Integer, TreeMap<Long, MappedRegister>> bars = new TreeMap<>();

    private final Predicate<MappedRegister> swapped;

    private RegisterNames(List<MappedRegister> registers, Predicate<MappedRegister> swapped) {
        this.swapped = swapped;
        registers.forEach(register -> bars.computeIfAbsent(register.bar(), _ -> new TreeMap<>()).put(register.offset(), register));
    }

    /** The PPU's. */
    public static RegisterNames ofPpu() {
        return new RegisterNames(RegisterCensus.ofPpu().all(), _ -> false);
    }

    /** Of another device, of which BAR {@code bar} shows the map from its offset 0 on. Registers of big-endian maps have a name only: their values are not taken apart. */
    public static RegisterNames of(int bar, AddressMap map) {
        Locator locator = new Locator(map);
        return new RegisterNames(RegisterCensus.of(bar, map).all(), register -> locator.find(register.path()).isBigEndian());
    }

    /** Of the device of a recording, as far as that says: the PPU's, unless it was made from a description of registers. */
    public static RegisterNames of(RecordingInfo info) {
        return info.identity().uri().startsWith("rdl:") ? none() : ofPpu();
    }

    /** Of a device whose registers nobody described. */
    public static RegisterNames none() {
        return new RegisterNames(List.of(), _ -> false);
    }

    /** The register that covers a place. */
    public Optional<MappedRegister> at(int bar, long offset) {
        Map.Entry<Long, MappedRegister> entry = bars.getOrDefault(bar, new TreeMap<>()).floorEntry(offset);
        return entry == null || offset >= entry.getKey() + entry.getValue().register().width() / 8
                ? Optional.empty()
                : Optional.of(entry.getValue());
    }

    /** Its path, with what is added to its place; empty if it has none. */
    public String name(int bar, long offset) {
        return at(bar, offset).map(register -> register.path() + (offset == register.offset() ? "" : "+" + (offset - register.offset())))
                .orElse("");
    }

    /** A register of config space; empty if it is none of the header's. */
    public String config(long offset) {
        return CONFIG.getOrDefault((int) offset, "");
    }

    /** The fields of an access of all of a register: {@code state=READY error=NONE}; empty for a part of one. */
    public String fields(int bar, long offset, long bytes, long value) {
        return whole(bar, offset, bytes).map(register -> register.register().fields().stream()
                .map(field -> field.name() + "=" + value(field, field.extract(raw(value)))).collect(Collectors.joining(" "))).orElse("");
    }

    /** The register, if an access is of all of it and its value is one: not if its bytes stand the other way round. */
    public Optional<MappedRegister> whole(int bar, long offset, long bytes) {
        return at(bar, offset).filter(register -> register.offset() == offset && register.register().width() == bytes * 8)
                .filter(swapped.negate());
    }

    /** A field's value by its enum's name, or as a number. */
    public static String value(Field field, BigInteger value) {
        EnumType names = field.encode();
        String number = value.bitLength() <= 16 ? value.toString() : "0x" + value.toString(16);
        return names == null ? number : names.find(value).map(EnumType.Entry::name).orElse(number);
    }

    static BigInteger raw(long value) {
        return new BigInteger(Long.toUnsignedString(value));
    }
}
