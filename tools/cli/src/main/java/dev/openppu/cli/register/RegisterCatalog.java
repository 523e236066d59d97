package dev.openppu.cli.register;

import dev.openppu.abi.reg.PpuBar0Regs;
import dev.openppu.cli.BadInputException;
import dev.openppu.cli.register.RegisterPath.Segment;
import dev.openppu.rdl.model.AddressMap;
import dev.openppu.rdl.model.Addressable;
import dev.openppu.rdl.model.ArrayShape;
import dev.openppu.rdl.model.Block;
import dev.openppu.rdl.model.Field;
import dev.openppu.rdl.model.Node;
import dev.openppu.rdl.model.Register;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** All registers of a device by name. Immutable, thread-safe. */
public final class RegisterCatalog {
    private static final int SUGGESTIONS = 4;

    private final Map<Integer, AddressMap> maps;

    /** @param maps a map for each BAR that shows registers */
    public RegisterCatalog(Map<Integer, AddressMap> maps) {
        this.maps = new TreeMap<>(maps);
    }

    /** The PPU's registers, from the elaborated maps that stand beside the generated accessors. */
    public static RegisterCatalog ofPpu() {
        return new RegisterCatalog(Map.of(0, load(0), 4, load(4)));
    }

    private static AddressMap load(int bar) {
        String resource = "ppu_bar" + bar + ".map.json";
        try (InputStream in = PpuBar0Regs.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("this build lacks its register map " + resource);
            }
            return AddressMap.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a name means: registers, and a field of each if it names one. */
    public record Selection(List<LocatedRegister> registers, Optional<Field> field) {
        public Selection {
            registers = List.copyOf(registers);
        }
    }

    /** Every register, by BAR and offset. */
    public List<LocatedRegister> all() {
        List<LocatedRegister> found = new ArrayList<>();
        maps.forEach((bar, map) -> collect(new Walk(bar, found), map, "", "", 0));
        return found;
    }

    /**
     * What {@code name} means: a block, a register, or a field; all elements where an index is left out.
     *
     * @throws BadInputException if there is no such thing; the message names the nearest
     */
    public Selection select(String name) {
        RegisterPath path = RegisterPath.parse(name);
        List<LocatedRegister> registers = new ArrayList<>();
        Optional<Field> field = Optional.empty();
        for (Map.Entry<Integer, AddressMap> map : maps.entrySet()) {
            boolean rooted = path.segments().getFirst().name().equals(map.getValue().name());
            RegisterPath inside = rooted ? path.from(1) : path;
            Resolution resolution = new Resolution(new Walk(map.getKey(), registers));
            resolution.descend(map.getValue(), inside, "", "", 0);
            field = field.or(resolution::field);
        }
        if (registers.isEmpty()) {
            throw unknown(name, path);
        }
        return new Selection(registers, field);
    }

    private BadInputException unknown(String name, RegisterPath path) {
        return outOfRange(name, path)
                .orElseGet(() -> new BadInputException("there is no register, field or block '" + name + "'; the nearest "
                        + Nearest.to(withoutIndices(path), names(), SUGGESTIONS).stream().collect(Collectors.joining(", ", "are ", ""))
                        + "; 'ppu reg list' shows all"));
    }

    private Optional<BadInputException> outOfRange(String name, RegisterPath path) {
        return maps.values().stream().flatMap(map -> IndexCheck.of(map, path).stream())
                .map(problem -> new BadInputException("'" + name + "': " + problem)).findFirst();
    }

    private static String withoutIndices(RegisterPath path) {
        return path.segments().stream().map(Segment::name).collect(Collectors.joining("."));
    }

    /** Names of all blocks, registers and fields, arrays without their indices. */
    private List<String> names() {
        List<String> names = new ArrayList<>();
        maps.values().forEach(map -> map.children().forEach(child -> addNames(names, "", child)));
        return names;
    }

    private static void addNames(List<String> names, String prefix, Node node) {
        String name = prefix + node.name();
        switch (node) {
            case Block block -> {
                names.add(name);
                block.children().forEach(child -> addNames(names, name + ".", child));
            }
            case Register register -> {
                names.add(name);
                register.fields().forEach(field -> names.add(name + "." + field.name()));
            }
            default -> {
            }
        }
    }

    private record Walk(int bar, List<LocatedRegister> found) {}

    private static void collect(Walk walk, Block block, String prefix, String outermost, long base) {
        for (Node child : block.children()) {
            if (child instanceof Addressable addressable) {
                collectElements(walk, addressable, prefix, outermost, base);
            }
        }
    }

    private static void collectElements(Walk walk, Addressable child, String prefix, String outermost, long base) {
        for (long element = 0; element < child.array().count(); element++) {
            String name = prefix + elementName(child, element);
            collectElement(walk, child, name, outermost, base + elementOffset(child, element));
        }
    }

    private static void collectElement(Walk walk, Addressable child, String name, String outermost, long at) {
        if (child instanceof Register register) {
            walk.found.add(new LocatedRegister(name, outermost, walk.bar, at, register));
        } else if (child instanceof Block block) {
            collect(walk, block, name + ".", outermost.isEmpty() ? name : outermost, at);
        }
    }

    private static long elementOffset(Addressable child, long element) {
        return child.offset() + element * child.array().stride();
    }

    private static String elementName(Addressable child, long element) {
        StringBuilder indices = new StringBuilder();
        long rest = element;
        ArrayShape array = child.array();
        for (int dimension = array.dimensions().size() - 1; dimension >= 0; dimension--) {
            long extent = array.dimensions().get(dimension);
            indices.insert(0, "[" + rest % extent + "]");
            rest /= extent;
        }
        return child.name() + indices;
    }

    /** One descent along a path. */
    private static final class Resolution {
        private final Walk walk;
        private Optional<Field> field = Optional.empty();

        Resolution(Walk walk) {
            this.walk = walk;
        }

        Optional<Field> field() {
            return field;
        }

        void descend(Block block, RegisterPath path, String prefix, String outermost, long base) {
            if (path.segments().isEmpty()) {
                collect(walk, block, prefix, outermost, base);
                return;
            }
            Segment segment = path.segments().getFirst();
            if (block.child(segment.name()).orElse(null) instanceof Addressable child) {
                for (long element : IndexCheck.elements(child.array(), segment.indices())) {
                    String name = prefix + elementName(child, element);
                    enter(child, path.from(1), name, outermost, base + elementOffset(child, element));
                }
            }
        }

        private void enter(Addressable child, RegisterPath rest, String name, String outermost, long at) {
            if (child instanceof Block block) {
                descend(block, rest, name + ".", outermost.isEmpty() ? name : outermost, at);
            } else if (child instanceof Register register && names(register, rest)) {
                walk.found.add(new LocatedRegister(name, outermost, walk.bar, at, register));
            }
        }

        private boolean names(Register register, RegisterPath rest) {
            if (rest.segments().size() != 1) {
                return rest.segments().isEmpty();
            }
            Segment last = rest.segments().getFirst();
            field = last.indices().isEmpty() ? register.field(last.name()) : Optional.empty();
            return field.isPresent();
        }
    }
}
