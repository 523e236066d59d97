package dev.openppu.rdl.elaborate;

import dev.openppu.rdl.model.AddressMap;
import dev.openppu.rdl.model.Addressable;
import dev.openppu.rdl.model.ArrayShape;
import dev.openppu.rdl.model.Field;
import dev.openppu.rdl.model.Memory;
import dev.openppu.rdl.model.Node;
import dev.openppu.rdl.model.Placement;
import dev.openppu.rdl.model.Properties;
import dev.openppu.rdl.model.Register;
import dev.openppu.rdl.model.RegisterFile;
import dev.openppu.rdl.model.Signal;
import dev.openppu.rdl.model.Value;
import dev.openppu.rdl.source.Diagnostics;
import dev.openppu.rdl.source.Span;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Builds the immutable model of one root: places fields and blocks, binds references, checks what can only be checked then.
 * What an instance shares with others of its type is built once, so that the model is no larger than the description.
 */
final class ModelBuilder {

    private final Elaboration elaboration;
    private final Diagnostics diagnostics;
    private final Component root;
    private final Map<Key, Body> built = new HashMap<>();
    private final ReferenceBinder binder;
    private final ReferenceCircles circles = new ReferenceCircles();
    private final ComponentChecks checks;

    /** What a component's contents depend on besides itself. */
    private record Key(Component component, Surroundings surroundings) {}

    /** A component's contents, without what its instance adds. */
    private record Body(Properties properties, List<Node> children, long size) {}

    ModelBuilder(Elaboration elaboration, Component root) {
        this.elaboration = elaboration;
        this.diagnostics = elaboration.diagnostics();
        this.root = root;
        this.binder = new ReferenceBinder(elaboration, root);
        this.checks = new ComponentChecks(diagnostics);
    }

    /** The map {@code component}, under {@code name}, with the root's signals in it. */
    AddressMap buildRoot(String name, Component component) {
        Body body = build(component, Surroundings.NONE);
        List<Node> children = new ArrayList<>();
        SignalChecks signals = new SignalChecks(diagnostics);
        for (Instance instance : root.children().values()) {
            if (instance.component().kind() == ComponentKind.SIGNAL) {
                children.add(signal(instance, signals));
            }
        }
        children.addAll(body.children);
        String typeName = Objects.requireNonNullElse(component.typeName(), name);
        return new AddressMap(new Placement(name, typeName, 0, ArrayShape.SINGLE, false, diagnostics.position(component.span())),
                body.properties, children, body.size);
    }

    private Body build(Component component, Surroundings around) {
        Key key = new Key(component, around);
        Body known = built.get(key);
        if (known != null) {
            return known;
        }
        int escapes = binder.escapes();
        binder.enter(component);
        Body body = switch (component.kind()) {
            case ADDRMAP, REGFILE -> buildBlock(component, around.within(component));
            case MEM -> buildMemory(component, around);
            default -> throw new IllegalStateException("no block: " + component.kind());
        };
        binder.leave();
        if (binder.escapes() == escapes && !diagnostics.isMuted()) {
            built.put(key, body);
        }
        return body;
    }

    // ---- blocks

    private Body buildBlock(Component component, Surroundings inside) {
        Properties properties = properties(component);
        List<Placed<Addressable>> nodes = new ArrayList<>();
        List<Node> children = new ArrayList<>();
        boolean isBridge = properties.is("bridge");
        SignalChecks signals = new SignalChecks(diagnostics);
        long next = 0;
        for (Instance instance : component.children().values()) {
            if (instance.component().kind() == ComponentKind.SIGNAL) {
                children.add(signal(instance, signals));
                continue;
            }
            Addressable node = present(instance, inside, next);
            next = isBridge ? 0 : node.offset() + node.totalSize();
            if (instance.isPresent()) {
                nodes.add(new Placed<>(node, instance));
            }
        }
        AliasCompletion.complete(nodes);
        nodes.sort(Comparator.comparingLong(placed -> placed.node().offset()));
        checks.checkBlock(component, nodes);
        nodes.forEach(placed -> children.add(placed.node()));
        long size = nodes.stream().mapToLong(placed -> placed.node().offset() + placed.node().totalSize()).max().orElse(0);
        return new Body(properties, children, size);
    }

    private Body buildMemory(Component component, Surroundings around) {
        Body block = buildBlock(component, around);
        Properties properties = block.properties;
        long widest = block.children.stream().filter(Register.class::isInstance).mapToLong(node -> ((Register) node).width()).max()
                .orElse(32);
        long width = properties.number("memwidth", widest);
        long entries = properties.number("mementries", 1);
        MemoryChecks memory = new MemoryChecks(diagnostics, component);
        memory.checkShape(width, entries);
        long bytes = Math.max(1, BigInteger.valueOf(width).add(BigInteger.valueOf(7)).shiftRight(3).longValue());
        long rounded = Long.highestOneBit(bytes) == bytes ? bytes : Long.highestOneBit(bytes) << 1;
        long size = saturatingMultiply(rounded, entries);
        memory.checkContents(block.children, block.size, width, rounded, size);
        Map<String, Value> values = new LinkedHashMap<>(properties.values());
        values.put("memwidth", Value.Num.of(width));
        return new Body(new Properties(values), block.children, size);
    }

    private static long saturatingMultiply(long a, long b) {
        BigInteger product = BigInteger.valueOf(a).multiply(BigInteger.valueOf(b));
        return product.bitLength() > 62 ? Long.MAX_VALUE / 4 : product.longValue();
    }

    /** The same as {@link #place}; nothing is said about what is not present. */
    private Addressable present(Instance instance, Surroundings inside, long next) {
        return instance.isPresent() ? place(instance, inside, next) : diagnostics.muted(() -> place(instance, inside, next));
    }

    /** Builds {@code instance} and finds its place, given that nothing before it reaches beyond {@code next}. */
    private Addressable place(Instance instance, Surroundings inside, long next) {
        Component component = instance.component();
        Instance.Layout layout = instance.layout();
        Register register = component.kind() == ComponentKind.REG ? register(instance, inside, placement(instance, 0, 0)) : null;
        Body body = register == null ? build(component, inside.withExternal(instance)) : null;
        long size = register == null ? Objects.requireNonNull(body).size : register.elementSize();
        long stride = layout.stride() != null ? layout.stride() : size;
        long count = new ArrayShape(layout.dimensions(), 0).count();
        checks.checkExtent(instance, size, stride, count);
        checks.checkNoBridge(instance);
        long offset = layout.address() != null
                ? layout.address()
                : inside.align(next, instance, register, size, stride * count);
        checks.checkAlignment(instance, inside.alignment());
        Placement placement = placement(instance, offset, stride);
        if (register != null) {
            return new Register(placement, register.properties(), register.fields(), register.signals());
        }
        Body contents = Objects.requireNonNull(body);
        return switch (component.kind()) {
            case ADDRMAP -> new AddressMap(placement, contents.properties, contents.children, size);
            case REGFILE -> new RegisterFile(placement, contents.properties, contents.children, size);
            default -> new Memory(placement, contents.properties, contents.children, size);
        };
    }

    private Placement placement(Instance instance, long offset, long stride) {
        Instance.Layout layout = instance.layout();
        ArrayShape shape = layout.dimensions().isEmpty() ? ArrayShape.SINGLE : new ArrayShape(layout.dimensions(), stride);
        String typeName = Objects.requireNonNullElse(instance.component().typeName(), instance.name());
        return new Placement(instance.name(), typeName, offset, shape, Boolean.TRUE.equals(layout.external()),
                diagnostics.position(instance.span()));
    }

    // ---- registers

    private Register register(Instance instance, Surroundings around, Placement placement) {
        Component component = instance.component();
        binder.enter(component);
        Properties properties = properties(component);
        if (instance.layout().alias() != null) {
            Map<String, Value> values = new LinkedHashMap<>(properties.values());
            values.put("alias", new Value.Reference(1, List.of(new Value.Step(instance.layout().alias(), List.of())), null));
            properties = new Properties(values);
        }
        int width = checks.checkRegisterWidths(component, properties);
        checks.checkFits(component, properties, width, elaboration);
        List<Signal> signals = new ArrayList<>();
        SignalChecks signalChecks = new SignalChecks(diagnostics);
        List<Placed<Field>> fields = new ArrayList<>();
        FieldPlacer placer = new FieldPlacer(component, around.msb0(), width, diagnostics);
        for (Instance child : component.children().values()) {
            if (child.component().kind() == ComponentKind.SIGNAL) {
                signals.add(signal(child, signalChecks));
            } else {
                Field field = child.isPresent() ? field(child, placer) : diagnostics.muted(() -> field(child, placer));
                if (child.isPresent()) {
                    fields.add(new Placed<>(field, child));
                }
            }
        }
        fields.sort(Comparator.comparingInt(placed -> placed.node().low()));
        boolean external = around.isExternal(instance);
        checks.checkFields(component, properties, width, fields, external);
        checks.checkErrorBus(component, properties, external);
        binder.leave();
        return new Register(placement, properties, fields.stream().map(Placed::node).toList(), signals);
    }

    private Field field(Instance instance, FieldPlacer placer) {
        Component component = instance.component();
        binder.enter(component);
        Properties properties = properties(component);
        binder.leave();
        Instance.Range range = placer.place(instance, properties);
        checks.checkFits(component, properties, range.width(), elaboration);
        String typeName = Objects.requireNonNullElse(component.typeName(), instance.name());
        Field field = new Field(instance.name(), typeName, range.low(), range.width(), placer.msb0(), properties,
                diagnostics.position(instance.span()));
        if (instance.isPresent()) {
            new ReferenceChecks(diagnostics, field, instance, circles).check(binder.uses());
        }
        return field;
    }

    private Signal signal(Instance instance, SignalChecks signals) {
        Component component = instance.component();
        binder.enter(component);
        Properties properties = properties(component);
        binder.leave();
        Instance.Layout layout = instance.layout();
        long width = !layout.dimensions().isEmpty()
                ? layout.dimensions().getFirst()
                : layout.range() != null ? layout.range().width() : properties.number("signalwidth", 1);
        signals.check(instance, properties, width);
        String typeName = Objects.requireNonNullElse(component.typeName(), instance.name());
        return new Signal(instance.name(), typeName, (int) width, properties, diagnostics.position(instance.span()));
    }

    private Properties properties(Component component) {
        checks.checkExclusions(component, elaboration);
        if (component.assignments().isEmpty()) {
            return Properties.NONE;
        }
        Map<String, Value> values = new LinkedHashMap<>();
        component.assignments().forEach((name, assignment) -> {
            Value value = binder.bind(assignment.value(), elaboration.rule(name));
            if (value != null) {
                values.put(name, value);
            }
        });
        return new Properties(values);
    }

    /** Where messages about {@code component} point. */
    static Span spanOf(Component component, @Nullable String property) {
        Assignment assignment = property == null ? null : component.assignments().get(property);
        return assignment == null ? component.span() : assignment.span();
    }
}
