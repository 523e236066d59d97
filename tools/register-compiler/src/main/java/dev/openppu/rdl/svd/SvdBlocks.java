package dev.openppu.rdl.svd;

import dev.openppu.rdl.model.AddressMap;
import dev.openppu.rdl.model.Addressable;
import dev.openppu.rdl.model.ArrayShape;
import dev.openppu.rdl.model.Node;
import dev.openppu.rdl.model.Placement;
import dev.openppu.rdl.model.Properties;
import dev.openppu.rdl.model.RegisterFile;
import dev.openppu.rdl.model.Value;
import dev.openppu.rdl.source.Diagnostics;
import dev.openppu.rdl.source.Warning;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Builds the model of a device: peripherals, clusters, and what they repeat. */
final class SvdBlocks {

    private static final long LARGEST_ADDRESS = 1L << 56;
    private static final int DEEPEST = 64;
    private static final int MOST_NODES = 2_000_000;

    private final SvdElement device;
    private final Diagnostics diagnostics;
    private final SvdNumbers numbers;
    private final Derivation derivation;
    private final SvdRegisters registers;
    private int depth;
    private int nodes;

    /** Thrown where a file describes more than anybody could mean; it has been reported. */
    static final class TooMuch extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooMuch() {
            super(null, null, false, false);
        }
    }

    SvdBlocks(SvdElement device, Diagnostics diagnostics) {
        this.device = device;
        this.diagnostics = diagnostics;
        this.numbers = new SvdNumbers(diagnostics);
        this.derivation = new Derivation(device, diagnostics);
        this.registers = new SvdRegisters(derivation, numbers, diagnostics);
    }

    AddressMap readDevice() {
        String name = SvdNames.legal(Objects.requireNonNullElse(device.text("name"), "device"));
        if (numbers.find(device, "addressUnitBits", 1 << 10, 8) != 8) {
            diagnostics.error(device.span(), "only devices that address bytes can be read: addressUnitBits is not 8");
        }
        List<Node> children = new ArrayList<>();
        SvdElement peripherals = device.child("peripherals");
        if (peripherals == null || peripherals.child("peripheral") == null) {
            diagnostics.error(device.span(), "this device has no peripherals");
        } else {
            Defaults defaults = Defaults.NONE.within(device, numbers);
            SvdNames names = new SvdNames(diagnostics);
            peripherals.all("peripheral").forEach(peripheral -> add(peripheral, defaults, names, children));
        }
        List<Node> sorted = sorted(children);
        Placement placement = new Placement(name, name, 0, ArrayShape.SINGLE, false, diagnostics.position(device.span()));
        return new AddressMap(placement, texts(device), sorted, size(sorted));
    }

    /** Adds what {@code element}, a peripheral, cluster or register, comes to. */
    private void add(SvdElement element, Defaults defaults, SvdNames names, List<Node> to) {
        if (++depth > DEEPEST) {
            diagnostics.error(element.span(), "this " + element.tag() + " is nested too deeply; does it contain itself?");
            throw new TooMuch();
        }
        SvdElement complete = derivation.complete(element);
        String name = complete.text("name");
        if (name == null) {
            diagnostics.error(element.span(), "this " + element.tag() + " has no name");
        } else {
            long offset = numbers.require(complete, element.tag().equals("peripheral") ? "baseAddress" : "addressOffset", LARGEST_ADDRESS);
            place(complete, element, name, offset, defaults, names, to);
        }
        depth--;
    }

    private void place(SvdElement complete, SvdElement element, String name, long offset, Defaults defaults, SvdNames names,
            List<Node> to) {
        if (complete.child("dim") == null) {
            to.add(one(complete, element, Repetition.plain(name), null, offset, ArrayShape.SINGLE, defaults, names));
            return;
        }
        long count = numbers.find(complete, "dim", LARGEST_ADDRESS, 1);
        long increment = numbers.find(complete, "dimIncrement", LARGEST_ADDRESS, 0);
        if (count < 1 || count > 1 && (increment < 1 || increment > LARGEST_ADDRESS / count)) {
            diagnostics.error(element.span(), "dim " + count + " with dimIncrement " + increment + " makes no array");
        } else if (Repetition.isArray(name)) {
            to.add(one(complete, element, Repetition.plain(name), null, offset, new ArrayShape(List.of(count), increment), defaults,
                    names));
        } else if (count > Repetition.LONGEST_LIST) {
            diagnostics.error(element.span(), "a list of " + count + " instances is too long",
                    "end its name with [%s] to make it an array");
        } else {
            List<String> indices = Repetition.indices(complete);
            for (int i = 0; i < indices.size(); i++) {
                String index = indices.get(i);
                to.add(one(complete, element, Repetition.indexed(name, index), index, offset + i * increment, ArrayShape.SINGLE, defaults,
                        names));
            }
        }
    }

    private Addressable one(SvdElement complete, SvdElement element, String name, @Nullable String index, long offset, ArrayShape shape,
            Defaults defaults, SvdNames names) {
        if (++nodes > MOST_NODES) {
            diagnostics.error(element.span(), "this device has more than " + MOST_NODES + " registers and blocks");
            throw new TooMuch();
        }
        String unique = names.take(name, element);
        Defaults inside = defaults.within(complete, numbers);
        if (element.tag().equals("register")) {
            Placement placement = new Placement(unique, unique, offset, shape, false, diagnostics.position(element.span()));
            return checkStride(registers.read(complete, placement, inside, index), element);
        }
        List<Node> children = sorted(contents(complete, inside));
        if (children.isEmpty()) {
            diagnostics.error(element.span(), "this " + element.tag() + " has no registers");
        }
        Placement placement = new Placement(unique, typeName(element, unique), offset, shape, false, diagnostics.position(element.span()));
        Properties properties = texts(complete);
        return checkStride(element.tag().equals("cluster")
                ? new RegisterFile(placement, properties, children, size(children))
                : new AddressMap(placement, properties, children, size(children)), element);
    }

    /** A peripheral that takes all its registers from another one is of that one's type. */
    private static String typeName(SvdElement element, String name) {
        String base = element.derivedFrom();
        if (base == null || element.child("registers") != null || element.child("register") != null || element.child("cluster") != null) {
            return name;
        }
        return SvdNames.legal(Repetition.plain(base.substring(base.lastIndexOf('.') + 1)));
    }

    private List<Node> contents(SvdElement block, Defaults defaults) {
        SvdElement holder = block.tag().equals("cluster") ? block : block.child("registers");
        List<Node> children = new ArrayList<>();
        if (holder != null) {
            SvdNames names = new SvdNames(diagnostics);
            holder.children().stream().filter(child -> child.tag().equals("register") || child.tag().equals("cluster"))
                    .forEach(child -> add(child, defaults, names, children));
        }
        return children;
    }

    private Addressable checkStride(Addressable node, SvdElement element) {
        if (node.array().isArray() && node.array().count() > 1 && node.array().stride() < node.elementSize()) {
            diagnostics.warning(Warning.NOT_STANDARD, element.span(), "the elements of '" + node.name() + "' overlap: the increment is "
                    + node.array().stride() + " bytes, but one element has " + node.elementSize());
        }
        return node;
    }

    private static List<Node> sorted(List<Node> nodes) {
        return nodes.stream().sorted(Comparator.comparingLong(node -> ((Addressable) node).offset())).toList();
    }

    private static long size(List<Node> nodes) {
        return nodes.stream().map(Addressable.class::cast).mapToLong(node -> node.offset() + node.totalSize()).max().orElse(0);
    }

    /** The texts of {@code element} as properties. */
    static Properties texts(SvdElement element) {
        Map<String, Value> values = new LinkedHashMap<>();
        String label = element.text("displayName");
        if (label != null) {
            values.put("name", new Value.Text(label));
        }
        String description = element.text("description");
        if (description != null) {
            values.put("desc", new Value.Text(description));
        }
        return new Properties(values);
    }
}
