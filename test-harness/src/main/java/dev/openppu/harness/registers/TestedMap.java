package dev.openppu.harness.registers;

import dev.openppu.rdl.model.Addressable;
import dev.openppu.rdl.model.ArrayShape;
import dev.openppu.rdl.model.Block;
import dev.openppu.rdl.model.Field;
import dev.openppu.rdl.model.Memory;
import dev.openppu.rdl.model.Node;
import dev.openppu.rdl.model.Properties;
import dev.openppu.rdl.model.Register;
import dev.openppu.rdl.model.Value;
import dev.openppu.rdl.path.Locator;
import dev.openppu.rdl.path.SharedRegisters;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Every register and memory of some maps as the suite sees them: arrays taken apart, locks and aliases resolved, exclusions gathered. Of an array of many elements the first and
 * last ones stand for all.
 */
final class TestedMap {
    private static final long MOST_ELEMENTS = 256;
    private static final long ENDS = 4;
    private static final int MOST_REGISTERS = 100_000;

    private final Exclusions exclusions;
    private final List<Found> found = new ArrayList<>();
    private final List<TestedRegister> registers = new ArrayList<>();
    private final List<TestedMemory> memories = new ArrayList<>();
    private final Map<String, FieldState> states = new HashMap<>();
    private final Map<String, Found> byPath = new HashMap<>();
    private final Map<MapUnderTest, Sharing> sharings = new IdentityHashMap<>();
    private final HalfRegisters halves;

    /** Which registers of a map are one. */
    private record Sharing(Locator locator, SharedRegisters shared) {
        String storage(String path) {
            String whole = shared.storage(locator.find(path)).path();
            return whole.substring(whole.indexOf('.') + 1);
        }
    }

    /** A register before its references are resolved. */
    private record Found(MapUnderTest of, String path, long offset, Register register, Surroundings around) {
        String key() {
            return of.bar() + ":" + path;
        }
    }

    /** What a block passes on to what is in it. */
    private record Surroundings(boolean bigEndian, boolean reservedOnes, Map<Sequence, String> excluded) {
        Surroundings within(Properties properties, boolean map) {
            return new Surroundings(
                    properties.has("bigendian") ? properties.is("bigendian") : properties.has("littleendian") ? false : bigEndian,
                    map && properties.has("rsvdset") ? properties.is("rsvdset") : reservedOnes, excludedBy(excluded, properties));
        }
    }

    TestedMap(List<MapUnderTest> maps, Exclusions exclusions) {
        this.exclusions = exclusions;
        for (MapUnderTest map : maps) {
            walk(map, map.map(), "", 0, new Surroundings(false, false, Map.of()));
        }
        found.forEach(each -> byPath.put(each.key(), each));
        found.forEach(each -> registers.add(tested(each)));
        halves = new HalfRegisters(registers);
        exclusions.requireKnown(definitions());
    }

    private Set<String> definitions() {
        Set<String> all = new HashSet<>();
        memories.forEach(memory -> all.add(memory.definition()));
        for (TestedRegister register : registers) {
            all.add(register.definition());
            register.fields().forEach(field -> all.add(register.definition() + "." + field.field().name()));
        }
        return all;
    }

    List<TestedRegister> registers() {
        return registers;
    }

    /** Which registers answer in the place of others. */
    HalfRegisters halves() {
        return halves;
    }

    List<TestedMemory> memories() {
        return memories;
    }

    private void walk(MapUnderTest of, Addressable node, String path, long address, Surroundings around) {
        Surroundings inside = around.within(node.properties(), node instanceof dev.openppu.rdl.model.AddressMap);
        switch (node) {
            case Register register -> found.add(new Found(of, path, address, register, inside));
            case Memory memory -> memory(of, memory, path, address, inside);
            case Block block -> children(of, block, path, address, inside);
        }
        if (found.size() > MOST_REGISTERS) {
            throw new IllegalArgumentException(of.source() + " has more than " + MOST_REGISTERS
                    + " registers even with one in many of its arrays: test its parts, each as a map of its own");
        }
    }

    private void memory(MapUnderTest of, Memory memory, String path, long address, Surroundings around) {
        children(of, memory, path, address, around);
        memories.add(new TestedMemory(of.bar(), path, address, memory, withFile(path, around.excluded())));
    }

    private void children(MapUnderTest of, Block block, String path, long address, Surroundings around) {
        for (Node child : block.children()) {
            if (child instanceof Addressable node) {
                ArrayShape array = node.array();
                elements(array.count()).forEach(i -> walk(of, node,
                        (path.isEmpty() ? "" : path + ".") + node.name() + array.subscript(i), address + node.offset() + array.offset(i),
                        around));
            }
        }
    }

    private static LongStream elements(long count) {
        return count <= MOST_ELEMENTS
                ? LongStream.range(0, count)
                : LongStream.concat(LongStream.range(0, ENDS), LongStream.range(count - ENDS, count));
    }

    private static Map<Sequence, String> excludedBy(Map<Sequence, String> before, Properties properties) {
        Map<Sequence, String> all = before;
        for (Sequence sequence : Sequence.values()) {
            Optional<String> property = sequence.exclusions().stream().filter(properties::has).findFirst();
            if (property.isEmpty() && properties.is("donttest")) {
                property = Optional.of("donttest");
            }
            if (property.isPresent()) {
                all = new EnumMap<>(all.isEmpty() ? new EnumMap<>(Sequence.class) : all);
                all.putIfAbsent(sequence, "the description says " + property.get());
            }
        }
        return all;
    }

    private Map<Sequence, String> withFile(String path, Map<Sequence, String> excluded) {
        Map<Sequence, String> all = new EnumMap<>(Sequence.class);
        all.putAll(excluded);
        for (Sequence sequence : Sequence.values()) {
            exclusions.reason(path, sequence).ifPresent(reason -> all.putIfAbsent(sequence, reason));
        }
        return all;
    }

    private TestedRegister tested(Found each) {
        Found storage = storage(each);
        Map<Sequence, String> excluded = each.around().excluded();
        for (Field field : each.register().fields()) {
            if (!field.properties().is("donttest")) {
                excluded = excludedBy(excluded, field.properties());
            }
        }
        List<TestedField> fields = each.register().fields().stream().map(field -> field(each, storage, field)).toList();
        return new TestedRegister(each.of().bar(), each.path(), each.offset(), each.register(), each.around().bigEndian(),
                each.around().reservedOnes(), fields, withFile(each.path(), excluded), storage == each ? null : storage.path());
    }

    /** The register whose storage this one shows: itself, or what it is an alias of, or what it shares. */
    private Found storage(Found each) {
        Value.Reference alias = each.register().properties().reference("alias");
        if (alias != null) {
            Found primary = byPath.get(each.of().bar() + ":" + follow(each.path(), alias));
            return primary == null ? each : primary;
        }
        if (!each.register().properties().is("shared")) {
            return each;
        }
        Sharing sharing = sharings.computeIfAbsent(each.of(), of -> new Sharing(new Locator(of.map()), new SharedRegisters(of.map())));
        return byPath.getOrDefault(each.of().bar() + ":" + sharing.storage(each.path()), each);
    }

    private TestedField field(Found of, Found storage, Field field) {
        String path = of.path() + "." + field.name();
        Properties own = field.properties();
        Optional<String> noWrite = exclusions.noWrite(path).or(() -> exclusions.noWrite(of.path()))
                .or(() -> said(own, of.register().properties(), "donttest"));
        Optional<String> noCompare = exclusions.noCompare(path).or(() -> exclusions.noCompare(of.path()))
                .or(() -> said(own, of.register().properties(), "dontcompare")).or(() -> said(own, of.register().properties(), "donttest"));
        return new TestedField(path, field, state(storage, field.name()), lock(of, path, own), noWrite, noCompare);
    }

    private static Optional<String> said(Properties field, Properties register, String property) {
        return field.is(property) || register.is(property) ? Optional.of("the description says " + property) : Optional.empty();
    }

    private FieldState state(Found storage, String field) {
        return states.computeIfAbsent(storage.key() + "." + field, _ -> new FieldState());
    }

    private TestedField.@Nullable Lock lock(Found of, String path, Properties properties) {
        for (String name : List.of("swwe", "swwel")) {
            Value.Reference reference = properties.reference(name);
            if (reference != null && reference.property() == null) {
                String target = follow(path, reference);
                int dot = target.lastIndexOf('.');
                Found register = dot < 0 ? null : byPath.get(of.of().bar() + ":" + target.substring(0, dot));
                if (register != null && register.register().field(target.substring(dot + 1)).isPresent()) {
                    return new TestedField.Lock(state(storage(register), target.substring(dot + 1)), target, name.equals("swwe"));
                }
            }
        }
        return null;
    }

    /** The path of what a reference of the node at {@code path} names. */
    private static String follow(String path, Value.Reference reference) {
        String anchor = path;
        for (int i = 0; i < reference.up(); i++) {
            anchor = anchor.substring(0, Math.max(0, anchor.lastIndexOf('.')));
        }
        StringBuilder target = new StringBuilder(anchor);
        for (Value.Step step : reference.steps()) {
            target.append(target.isEmpty() ? "" : ".").append(step.name());
            step.indices().forEach(index -> target.append('[').append(index).append(']'));
        }
        return target.toString();
    }
}
