package dev.openppu.rdl.compare;

import dev.openppu.rdl.model.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Which node of one list is which of another.
 *
 * @param pairs every node of both lists once, alone where it has no partner: the old ones in their order, then what is new
 */
record Matches<N extends Node>(List<Pair<N>> pairs) {

    /** One node, before and after; null on one side where it has no partner there. */
    record Pair<N>(@Nullable N before, @Nullable N after) {}

    /** Matches nodes of one kind by name, and those that are left by {@code samePlace}. */
    static <N extends Node> Matches<N> of(List<N> before, List<N> after, BiPredicate<N, N> sameKind, BiPredicate<N, N> samePlace) {
        Map<String, N> left = new LinkedHashMap<>();
        after.forEach(node -> left.put(node.name(), node));
        Map<N, N> partners = new HashMap<>();
        List<N> alone = new ArrayList<>();
        for (N node : before) {
            N sameName = left.get(node.name());
            if (sameName != null && sameKind.test(node, sameName)) {
                partners.put(node, sameName);
                left.remove(node.name());
            } else if (sameName == null) {
                alone.add(node);
            }
        }
        for (N node : alone) {
            left.values().stream().filter(other -> sameKind.test(node, other) && samePlace.test(node, other)).findFirst()
                    .ifPresent(other -> {
                        partners.put(node, other);
                        left.remove(other.name());
                    });
        }
        List<Pair<N>> pairs = new ArrayList<>();
        before.forEach(node -> pairs.add(new Pair<>(node, partners.get(node))));
        left.values().forEach(node -> pairs.add(new Pair<>(null, node)));
        return new Matches<>(pairs);
    }
}
