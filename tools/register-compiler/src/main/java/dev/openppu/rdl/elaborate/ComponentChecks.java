package dev.openppu.rdl.elaborate;

import dev.openppu.rdl.model.AddressMap;
import dev.openppu.rdl.model.Addressable;
import dev.openppu.rdl.model.Field;
import dev.openppu.rdl.model.OnRead;
import dev.openppu.rdl.model.Properties;
import dev.openppu.rdl.model.Register;
import dev.openppu.rdl.model.Value;
import dev.openppu.rdl.source.Diagnostics;
import dev.openppu.rdl.source.Warning;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the standard forbids and only shows when a component is put together. */
final class ComponentChecks {

    /** Addresses beyond this overflow when arrays of arrays are laid out. */
    private static final long LARGEST_EXTENT = 1L << 56;
    /** More elements than this are a mistake: even single bytes would fill half a terabyte. */
    static final long MOST_ELEMENTS = 1L << 39;

    private final Diagnostics diagnostics;
    /** Whether something that was refused before is missing: what is empty, then, may be so for that reason. */
    private final boolean incomplete;

    ComponentChecks(Diagnostics diagnostics) {
        this.diagnostics = diagnostics;
        this.incomplete = diagnostics.hasErrors();
    }

    // ---- any component

    void checkExclusions(Component component, Elaboration elaboration) {
        Map<String, String> groups = new HashMap<>();
        component.assignments().forEach((name, assignment) -> {
            PropertyRule rule = elaboration.rule(name);
            if (rule == null || rule.group() == null || assignment.value().equals(Value.Flag.FALSE)) {
                return;
            }
            String other = groups.putIfAbsent(rule.group(), name);
            if (other != null) {
                diagnostics.error(assignment.span(), "'" + name + "' and '" + other + "' exclude each other",
                        ModelBuilder.spanOf(component, other), "the other stands here");
            }
        });
    }

    /** Values of user-defined properties with {@code constraint = componentwidth} are no wider than the component. */
    void checkFits(Component component, Properties properties, int width, Elaboration elaboration) {
        properties.values().forEach((name, value) -> {
            PropertyRule rule = elaboration.rule(name);
            if (rule != null && rule.fitsComponent() && value instanceof Value.Num(BigInteger number) && number.bitLength() > width) {
                diagnostics.error(ModelBuilder.spanOf(component, name),
                        "'" + name + "' is " + number + ", which does not fit the " + width + " bits of its component");
            }
        });
    }

    // ---- registers

    int checkRegisterWidths(Component component, Properties properties) {
        checkWidth(component, properties, "regwidth");
        checkWidth(component, properties, "accesswidth");
        long width = properties.number("regwidth", 32);
        if (properties.number("accesswidth", width) > width) {
            diagnostics.error(ModelBuilder.spanOf(component, "accesswidth"), "accesswidth is " + properties.number("accesswidth", width)
                    + ", which is more than the register's width of " + width);
        }
        return Math.clamp(width, 8, 1 << 16);
    }

    /** A field that software changes lies within one access, lest half of it change before the rest. */
    private void checkSplit(Field field, Instance instance, long access) {
        boolean changes = field.sw().canWrite() || field.onRead() != OnRead.NONE;
        if (changes && access > 0 && field.low() / access != field.high() / access) {
            diagnostics.warning(Warning.SPLIT_ACCESS, instance.span(), "field '" + field.name() + "' reaches over several accesses of "
                    + access + " bits");
        }
    }

    /** Only what is external has a bus that could report errors. */
    void checkErrorBus(Component component, Properties properties, boolean external) {
        if (properties.is("errextbus") && !external) {
            diagnostics.error(ModelBuilder.spanOf(component, "errextbus"), "'errextbus' needs an external " + component.kind().keyword());
        }
    }

    private void checkWidth(Component component, Properties properties, String property) {
        long width = properties.number(property, 32);
        if (width < 8 || width > 1 << 16 || Long.bitCount(width) != 1) {
            diagnostics.error(ModelBuilder.spanOf(component, property),
                    property + " is " + width + ", but must be a power of two from 8 on");
        }
    }

    /** Checks a register's fields, lowest bit first. */
    void checkFields(Component register, Properties properties, int width, List<Placed<Field>> fields, boolean external) {
        if (fields.isEmpty() && !incomplete) {
            diagnostics.error(register.span(), "this reg has no field");
        }
        for (int i = 0; i < fields.size(); i++) {
            Field field = fields.get(i).node();
            Instance instance = fields.get(i).instance();
            if (field.low() < 0 || field.high() >= width) {
                diagnostics.error(instance.span(), "field '" + field.name() + "' has bits " + field.high() + " to " + field.low()
                        + ", but its register only " + (width - 1) + " to 0", register.span(), "the register is defined here");
            } else {
                checkSplit(field, instance, properties.number("accesswidth", width));
            }
            new FieldChecks(diagnostics, field, instance, external, properties.has("alias")).check();
            for (int j = i + 1; j < fields.size() && fields.get(j).node().low() <= field.high(); j++) {
                Field other = fields.get(j).node();
                if (!readAndWriteApart(field, other)) {
                    diagnostics.error(fields.get(j).instance().span(), "field '" + other.name() + "' overlaps field '" + field.name() + "'",
                            instance.span(), "which stands here");
                }
            }
        }
    }

    private static boolean readAndWriteApart(Field a, Field b) {
        return !(a.sw().canRead() && b.sw().canRead()) && !(a.sw().canWrite() && b.sw().canWrite());
    }

    // ---- blocks

    void checkExtent(Instance instance, long size, long stride, long count) {
        if (stride < size) {
            diagnostics.error(instance.span(), "the elements of '" + instance.name() + "' overlap: the stride is " + stride
                    + " bytes, but one element has " + size);
        }
        if (count > MOST_ELEMENTS) {
            diagnostics.error(instance.span(),
                    "'" + instance.name() + "' has " + count + " elements; at most " + MOST_ELEMENTS + " are taken");
            throw new Unplaceable();
        }
        BigInteger extent = BigInteger.valueOf(stride).multiply(BigInteger.valueOf(count));
        Long address = instance.layout().address();
        if (count < 1 || extent.bitLength() > 56 || address != null && address > LARGEST_EXTENT) {
            diagnostics.error(instance.span(), "'" + instance.name() + "' reaches beyond address 2^56");
            throw new Unplaceable();
        }
    }

    void checkAlignment(Instance instance, long alignment) {
        Long address = instance.layout().address();
        if (address != null && address % alignment != 0) {
            diagnostics.error(instance.span(), "'" + instance.name() + "' at 0x" + Long.toHexString(address)
                    + " does not stand at a multiple of " + alignment + " bytes, as the alignment around it asks");
        }
    }

    /** Thrown where going on would overflow; the reason has been reported. */
    static final class Unplaceable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unplaceable() {
            super(null, null, false, false);
        }
    }

    /** Checks what is in a block, lowest address first. */
    void checkBlock(Component block, List<Placed<Addressable>> nodes) {
        if (nodes.isEmpty() && block.kind() != ComponentKind.MEM && !incomplete) {
            diagnostics.error(block.span(), "this " + block.kind().keyword() + " is empty");
        }
        for (Placed<Addressable> placed : nodes) {
            checkAligned(placed.node(), placed.instance());
        }
        new AliasChecks(diagnostics, block, nodes).check();
        checkAlignment(block);
        if (isBridge(block, nodes)) {
            return;
        }
        for (int i = 0; i < nodes.size(); i++) {
            Addressable node = nodes.get(i).node();
            long end = node.offset() + node.totalSize();
            for (int j = i + 1; j < nodes.size() && nodes.get(j).node().offset() < end; j++) {
                checkApart(nodes.get(i), nodes.get(j));
            }
        }
    }

    private void checkAlignment(Component block) {
        Assignment alignment = block.assignments().get("alignment");
        if (alignment != null && alignment.value() instanceof Value.Num(BigInteger number) && number.bitCount() != 1) {
            diagnostics.error(alignment.span(), "alignment is " + number + ", but must be a power of two");
        }
    }

    private void checkAligned(Addressable node, Instance instance) {
        int bytes = node instanceof Register register ? Math.max(1, register.accessWidth() / 8) : 1;
        if (node.offset() % bytes != 0 || node.array().isArray() && node.array().stride() % bytes != 0) {
            diagnostics.warning(Warning.UNALIGNED, instance.span(), "'" + node.name() + "' at 0x" + Long.toHexString(node.offset())
                    + " is not aligned to its access width of " + bytes + " bytes");
        }
    }

    private boolean isBridge(Component block, List<Placed<Addressable>> nodes) {
        Assignment bridge = block.assignments().get("bridge");
        if (bridge == null || bridge.value().equals(Value.Flag.FALSE)) {
            return false;
        }
        if (nodes.size() < 2 || !nodes.stream().allMatch(placed -> placed.node() instanceof AddressMap)) {
            diagnostics.error(bridge.span(), "a bridge consists of address maps, two at least");
        }
        return true;
    }

    /** Only the root may be a bridge: it is a view of several buses, and no place in one. */
    void checkNoBridge(Instance instance) {
        Assignment bridge = instance.component().assignments().get("bridge");
        if (bridge != null && !bridge.value().equals(Value.Flag.FALSE)) {
            diagnostics.error(instance.span(), "'" + instance.name() + "' is a bridge, which only a root address map can be", bridge.span(),
                    "made one here");
        }
    }

    private void checkApart(Placed<Addressable> lower, Placed<Addressable> upper) {
        Addressable a = lower.node();
        Addressable b = upper.node();
        Instance first = lower.instance();
        Instance second = upper.instance();
        if (first.layout().alias() != null || second.layout().alias() != null
                || b.offset() >= end(a) || interleaved(a, b) || readAndWriteApart(a, b)) {
            return;
        }
        diagnostics.error(second.span(), "'" + b.name() + "' at 0x" + Long.toHexString(b.offset()) + " overlaps '" + a.name()
                + "' at 0x" + Long.toHexString(a.offset()), first.span(), "which stands here");
    }

    /** Where the last element ends: in the gap after it something else may begin. */
    private static long end(Addressable node) {
        return node.offset() + node.totalSize() - (node.array().isArray() ? node.array().stride() - node.elementSize() : 0);
    }

    /** Arrays of one stride whose elements fit into each other's gaps. */
    private static boolean interleaved(Addressable a, Addressable b) {
        long stride = a.array().stride();
        if (!a.array().isArray() || b.array().isArray() && b.array().stride() != stride) {
            return false;
        }
        long phase = (b.offset() - a.offset()) % stride;
        return phase >= a.elementSize() && phase + b.elementSize() <= stride;
    }

    private static boolean readAndWriteApart(Addressable a, Addressable b) {
        return a instanceof Register first && b instanceof Register second && !(first.isReadable() && second.isReadable())
                && !(first.isWritable() && second.isWritable());
    }
}
