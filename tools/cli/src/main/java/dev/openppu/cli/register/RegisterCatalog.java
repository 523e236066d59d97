package dev.openppu.cli.register;

import dev.openppu.abi.reg.PpuBar0Regs;
import dev.openppu.cli.BadInputException;
import dev.openppu.cli.register.RegisterPath.Segment;
import dev.openppu.rdl.model.AddressMap;
import dev.openppu.rdl.model.Block;
import dev.openppu.rdl.model.Expansion;
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
        maps.forEach((bar, map) -> Expansion.registers(map).map(register -> LocatedRegister.of(bar, register)).forEach(found::add));
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
        List<Field> fields = new ArrayList<>();
        maps.forEach((bar, map) -> {
            boolean rooted = path.segments().getFirst().name().equals(map.name());
            RegisterPath inside = rooted ? path.from(1) : path;
            Expansion.registers(map).forEach(each -> {
                RegisterPath own = RegisterPath.parse(each.pathInRoot());
                Optional<Field> field = inside.fieldOf(own).flatMap(each.register()::field);
                if (inside.leadsTo(own) || field.isPresent()) {
                    registers.add(LocatedRegister.of(bar, each));
                    field.ifPresent(fields::add);
                }
            });
        });
        if (registers.isEmpty()) {
            throw unknown(name, path);
        }
        return new Selection(registers, fields.stream().findFirst());
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
}
