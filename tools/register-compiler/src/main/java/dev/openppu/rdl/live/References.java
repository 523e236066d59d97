package dev.openppu.rdl.live;

import dev.openppu.rdl.live.Cells.Instance;
import dev.openppu.rdl.model.Addressable;
import dev.openppu.rdl.model.Block;
import dev.openppu.rdl.model.Field;
import dev.openppu.rdl.model.Node;
import dev.openppu.rdl.model.Register;
import dev.openppu.rdl.model.Signal;
import dev.openppu.rdl.model.Value;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds what a field's reference means for one instance of the field. */
final class References {

    private final Cells cells;
    private final Signals signals;
    private final long[] values;
    private final Wiring wiring;

    References(Cells cells, Signals signals, long[] values, Wiring wiring) {
        this.cells = cells;
        this.signals = signals;
        this.values = values;
        this.wiring = wiring;
    }

    /** What a reference leads to: a node, and the address that its addressable part has. */
    private record Target(Node node, long base, String path) {}

    /** The source for a reference that a field of {@code cell}'s register holds; null for none, or for one that has no value. */
    @Nullable
    Source resolve(int cell, Value.@Nullable Reference reference) {
        Target target = reference == null ? null : find(cell, reference);
        if (target == null || reference == null) {
            return null;
        }
        return switch (target.node) {
            case Signal signal -> new Source.OfSignal(signals, signals.id(target.path), signal.properties().is("activelow"));
            case Field field -> ofField(target, field, reference.property());
            case Register register -> {
                InterruptLine line = wiring.line(cells.find(target.base));
                yield line == null ? null : new Source.OfLine(line, "halt".equals(reference.property()));
            }
            default -> null;
        };
    }

    private @Nullable Source ofField(Target target, Field field, @Nullable String property) {
        int word = field.low() / 64;
        int at = cells.find(target.base + word * 8L);
        int low = field.low() - word * 64;
        long ones = field.width() >= 64 ? -1L : (1L << field.width()) - 1;
        Source.OfField value = new Source.OfField(values, cells.store(at), low, ones);
        return switch (property) {
            case "anded", "ored", "xored" -> new Source.OfReduction(value, property);
            case "threshold", "incrthreshold" -> threshold(value, field, "threshold", "incrthreshold", false);
            case "decrthreshold" -> threshold(value, field, "decrthreshold", "decrthreshold", true);
            case "enable", "mask", "haltenable", "haltmask", "swwe", "swwel", "we", "wel", "hwenable", "hwmask" ->
                resolve(at, field.properties().reference(property));
            case null, default -> value;
        };
    }

    private static @Nullable Source threshold(Source.OfField value, Field field, String property, String synonym, boolean falling) {
        Value given = field.properties().get(property) == null ? field.properties().get(synonym) : field.properties().get(property);
        return switch (given) {
            case Value.Num(BigInteger number) -> new Source.OfThreshold(value, number.longValue(), falling);
            case Value.Flag(boolean on) when on -> new Source.OfThreshold(value, falling ? 0 : value.ones(), falling);
            case null, default -> null;
        };
    }

    /** The counter whose {@code overflow} or {@code underflow} {@code reference} names, or null. */
    @Nullable
    Counter counter(int cell, Value.Reference reference) {
        Target target = find(cell, reference);
        if (target == null || !(target.node instanceof Field field)) {
            return null;
        }
        WiredField wired = wiring.wiredField(cells.find(target.base + field.low() / 64 * 8L), field);
        return wired == null ? null : wired.counter;
    }

    /** The pin that a field's property is when it is a mere flag. */
    Source pin(int cell, Field field, String property) {
        return new Source.OfSignal(signals, signals.id(path(cells.instance(cell)) + "." + field.name() + "->" + property), false);
    }

    private @Nullable Target find(int cell, Value.Reference reference) {
        Instance anchor = cells.instance(cell);
        for (int up = 1; up < reference.up() && anchor.parent() != null; up++) {
            anchor = anchor.parent();
        }
        Target target = new Target(anchor.node(), anchor.base(), path(anchor));
        for (Value.Step step : reference.steps()) {
            target = descend(target, step);
            if (target == null) {
                return null;
            }
        }
        return target;
    }

    private static @Nullable Target descend(Target from, Value.Step step) {
        Node child = switch (from.node) {
            case Block block -> block.child(step.name()).orElse(null);
            case Register register -> {
                Field field = register.field(step.name()).orElse(null);
                yield field != null
                        ? field
                        : register.signals().stream().filter(signal -> signal.name().equals(step.name())).findFirst().orElse(null);
            }
            default -> null;
        };
        if (child == null) {
            return null;
        }
        String path = from.path.isEmpty() ? step.name() : from.path + "." + step.name();
        if (child instanceof Addressable node) {
            long index = flatIndex(node.array().dimensions(), step.indices());
            return new Target(child, from.base + node.offset() + index * node.array().stride(), path + indices(step.indices()));
        }
        return new Target(child, from.base, path);
    }

    private static long flatIndex(List<Long> dimensions, List<Long> indices) {
        long flat = 0;
        for (int d = 0; d < dimensions.size(); d++) {
            flat = flat * dimensions.get(d) + (d < indices.size() ? indices.get(d) : 0);
        }
        return flat;
    }

    private static String indices(List<Long> indices) {
        StringBuilder out = new StringBuilder();
        indices.forEach(index -> out.append('[').append(index).append(']'));
        return out.toString();
    }

    /** The dotted path below the map. */
    private static String path(Instance instance) {
        Instance parent = instance.parent();
        if (parent == null) {
            return "";
        }
        String above = path(parent);
        return (above.isEmpty() ? "" : above + ".") + instance.node().name() + indices(unflatten(instance));
    }

    private static List<Long> unflatten(Instance instance) {
        List<Long> dimensions = instance.node().array().dimensions();
        List<Long> indices = new ArrayList<>();
        long rest = instance.index();
        for (int d = dimensions.size() - 1; d >= 0; d--) {
            indices.addFirst(rest % dimensions.get(d));
            rest /= dimensions.get(d);
        }
        return indices;
    }
}
