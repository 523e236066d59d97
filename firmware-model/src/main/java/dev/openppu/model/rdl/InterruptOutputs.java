package dev.openppu.model.rdl;

import dev.openppu.rdl.model.Addressable;
import dev.openppu.rdl.model.Block;
import dev.openppu.rdl.model.Field;
import dev.openppu.rdl.model.Register;
import dev.openppu.rdl.model.Value;
import dev.openppu.rdl.path.LocatedNode;
import dev.openppu.rdl.path.Locator;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The interrupt outputs of a map, and which vector each has: the registers with interrupt fields whose {@code ->intr} no other field
 * takes, in the order of their addresses. Those beyond the last vector share that.
 */
final class InterruptOutputs {

    private static final int MOST_VECTORS = 2048;

    private final Locator locator;
    private final Set<Long> taken = new HashSet<>();
    private final List<String> paths = new ArrayList<>();
    private final Map<Long, Integer> vectors = new HashMap<>();

    InterruptOutputs(Locator locator) {
        this.locator = locator;
        new Search(register -> outputsTaken(register).findAny().isPresent()).in(locator.root())
                .forEach(register -> outputsTaken((Register) register.node()).forEach(reference -> take(register, reference)));
        new Search(InterruptOutputs::isInterrupt).in(locator.root()).filter(register -> !taken.contains(register.address()))
                .limit(MOST_VECTORS).forEach(this::add);
    }

    /** Lazily finds the registers of a kind, and looks into no block that has none. */
    private static final class Search {
        private final Predicate<Register> kind;
        private final IdentityHashMap<Addressable, Boolean> holds = new IdentityHashMap<>();

        Search(Predicate<Register> kind) {
            this.kind = kind;
        }

        Stream<LocatedNode> in(LocatedNode node) {
            return node.node() instanceof Block block
                    ? addressable(block).filter(this::holds)
                            .flatMap(child -> Stream.iterate(0L, element -> element < child.array().count(), element -> element + 1)
                                    .flatMap(element -> in(node.element(child, element))))
                    : Stream.of(node);
        }

        private boolean holds(Addressable node) {
            Boolean known = holds.get(node);
            if (known != null) {
                return known;
            }
            boolean any = switch (node) {
                case Register register -> kind.test(register);
                case Block block -> addressable(block).anyMatch(this::holds);
            };
            holds.put(node, any);
            return any;
        }

        private static Stream<Addressable> addressable(Block block) {
            return block.children().stream().filter(Addressable.class::isInstance).map(Addressable.class::cast);
        }
    }

    private static boolean isInterrupt(Register register) {
        return register.properties().reference("alias") == null && register.fields().stream().anyMatch(Field::isInterrupt);
    }

    private static Stream<Value.Reference> outputsTaken(Register register) {
        return register.fields().stream().flatMap(field -> field.properties().values().values().stream())
                .filter(Value.Reference.class::isInstance).map(Value.Reference.class::cast)
                .filter(reference -> "intr".equals(reference.property()));
    }

    private void take(LocatedNode register, Value.Reference reference) {
        LocatedNode anchor = register;
        for (int up = 1; up < reference.up() && anchor.parent() != null; up++) {
            anchor = anchor.parent();
        }
        locator.follow(anchor, reference.steps()).ifPresent(target -> taken.add(target.address()));
    }

    private void add(LocatedNode register) {
        if (vectors.putIfAbsent(register.address(), paths.size()) == null) {
            paths.add(register.path());
        }
    }

    /** How many vectors there are; 1 even where there is no output. */
    int count() {
        return Math.max(1, paths.size());
    }

    /** Registers by vector. */
    List<String> paths() {
        return List.copyOf(paths);
    }

    /** The vector of the register at {@code address}; -1 where another register takes its output. */
    int vector(long address) {
        Integer vector = vectors.get(address);
        return vector != null ? vector : taken.contains(address) ? -1 : count() - 1;
    }
}
