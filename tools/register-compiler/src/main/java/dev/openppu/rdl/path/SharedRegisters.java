package dev.openppu.rdl.path;

import dev.openppu.rdl.model.AddressMap;
import dev.openppu.rdl.model.Addressable;
import dev.openppu.rdl.model.Block;
import dev.openppu.rdl.model.Node;
import dev.openppu.rdl.model.Register;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which {@code shared} registers are one: those of the same type in different address maps, as SystemRDL 2.0, 10.6 and 13.5, has it (the maps of a bridge show one register by names of their own). The
 * standard does not say which ones belong together where a map has several of a type: then those with the same path in their maps do. A type without a name is one within one type of map. Immutable.
 */
public final class SharedRegisters {
    private final Map<Key, List<Addressable>> firsts = new HashMap<>();
    /** Types of which a map has several, or an array in an array: told apart by their paths. */
    private final Set<String> byPath = new HashSet<>();
    private final LocatedNode root;

    /** @param place the path in the map, or empty */
    private record Key(String type, String place) {}

    /** Finds those of {@code map}. */
    public SharedRegisters(AddressMap map) {
        this.root = LocatedNode.root(map);
        List<List<Addressable>> found = new ArrayList<>();
        collect(map, new ArrayDeque<>(), found);
        Set<List<Object>> seen = new HashSet<>();
        for (List<Addressable> chain : found) {
            int view = view(chain);
            boolean nested = chain.subList(view, chain.size() - 1).stream().anyMatch(each -> each.array().isArray());
            if (nested || !seen.add(List.of(type(chain), new Identity(chain.subList(0, view))))) {
                byPath.add(type(chain));
            }
        }
        found.forEach(chain -> firsts.putIfAbsent(key(chain), chain));
    }

    /** Blocks that are the same ones, not only equal. */
    private record Identity(List<Addressable> chain) {
        @Override
        public boolean equals(Object other) {
            if (!(other instanceof Identity that) || that.chain.size() != chain.size()) {
                return false;
            }
            for (int i = 0; i < chain.size(); i++) {
                if (chain.get(i) != that.chain.get(i)) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public int hashCode() {
            return chain.stream().mapToInt(System::identityHashCode).sum();
        }
    }

    private static void collect(Block block, Deque<Addressable> around, List<List<Addressable>> found) {
        for (Node child : block.children()) {
            if (child instanceof Addressable inside) {
                around.addLast(inside);
                if (inside instanceof Block inner) {
                    collect(inner, around, found);
                } else if (isShared(inside)) {
                    found.add(List.copyOf(around));
                }
                around.removeLast();
            }
        }
    }

    private static boolean isShared(Node node) {
        return node instanceof Register && node.properties().is("shared") && node.properties().reference("alias") == null;
    }

    /** How many of the chain belong to the innermost map around its end. */
    private static int view(List<Addressable> chain) {
        int view = chain.size() - 1;
        while (view > 0 && !(chain.get(view - 1) instanceof AddressMap)) {
            view--;
        }
        return view;
    }

    private String type(List<Addressable> chain) {
        Addressable register = chain.getLast();
        if (!register.typeName().equals(register.name())) {
            return register.typeName();
        }
        int view = view(chain);
        return register.typeName() + " in " + (view == 0 ? root.node() : chain.get(view - 1)).typeName();
    }

    private Key key(List<Addressable> chain) {
        String type = type(chain);
        StringBuilder place = new StringBuilder();
        if (byPath.contains(type)) {
            chain.subList(view(chain), chain.size()).forEach(each -> place.append('.').append(each.name()));
        }
        return new Key(type, place.toString());
    }

    /** The register that keeps what {@code register} shows: another one, or itself if it is the first of those that share, or shares with none. */
    public LocatedNode storage(LocatedNode register) {
        if (!isShared(register.node())) {
            return register;
        }
        Deque<LocatedNode> places = new ArrayDeque<>();
        for (LocatedNode at = register; at != null && at.parent() != null; at = at.parent()) {
            places.addFirst(at);
        }
        List<LocatedNode> here = List.copyOf(places);
        List<Addressable> chain = here.stream().map(at -> (Addressable) at.node()).toList();
        List<Addressable> first = firsts.getOrDefault(key(chain), chain);
        int view = view(first);
        LocatedNode found = root;
        for (int i = 0; i < first.size(); i++) {
            boolean within = i >= view;
            int same = here.size() - (first.size() - i);
            long element = !within || same < 0 ? 0 : here.get(same).element();
            found = found.element(first.get(i), Math.min(element, first.get(i).array().count() - 1));
        }
        return found;
    }
}
