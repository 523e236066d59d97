package dev.openppu.rdl.emit.naming;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The identifiers of one scope of a target language. A name that is wanted twice goes to the first that wants it; the others get
 * numbers, from 2 on. A number never takes a name that another item has by right, so that adding an item which collides with
 * nothing changes no other name.
 */
public final class NameScope {

    private final Set<String> taken;

    /**
     * How items get their names.
     *
     * @param <T> the items
     * @param <N> the names: one identifier, or a stem that several are made of
     */
    public interface Naming<T, N> {
        /** The name of {@code item}; {@code ordinal} is 1 for its own name, more for the numbered ones. */
        N name(T item, int ordinal);

        /** Every identifier that {@code item} brings into the scope under {@code name}. */
        Collection<String> claims(T item, N name);
    }

    /** The names of items, by identity. */
    public static final class Names<T, N> {
        private final Map<T, N> names = new IdentityHashMap<>();

        private Names() {}

        /** The name of {@code item}, one of those that were named. */
        public N of(T item) {
            return Objects.requireNonNull(names.get(item));
        }
    }

    /** A scope in which {@code reserved} cannot be had. */
    public NameScope(Collection<String> reserved) {
        taken = new HashSet<>(reserved);
    }

    /** Names all of {@code items}. */
    public <T, N> Names<T, N> assign(List<T> items, Naming<T, N> naming) {
        Names<T, N> result = new Names<>();
        Map<T, N> names = result.names;
        List<T> colliding = new ArrayList<>();
        for (T item : items) {
            N natural = naming.name(item, 1);
            if (claim(naming.claims(item, natural))) {
                names.put(item, natural);
            } else {
                colliding.add(item);
            }
        }
        for (T item : colliding) {
            int ordinal = 2;
            N name = naming.name(item, ordinal);
            while (!claim(naming.claims(item, name))) {
                name = naming.name(item, ++ordinal);
            }
            names.put(item, name);
        }
        return result;
    }

    private boolean claim(Collection<String> identifiers) {
        if (identifiers.stream().anyMatch(taken::contains)) {
            return false;
        }
        taken.addAll(identifiers);
        return true;
    }
}
