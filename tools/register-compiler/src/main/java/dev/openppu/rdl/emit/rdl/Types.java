package dev.openppu.rdl.emit.rdl;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The component types of a map, found again from the type names of its instances. Instances of one type may differ in properties
 * that were assigned through the hierarchy; the type has what they have in common.
 */
final class Types {

    private final Map<String, List<Part>> byName = new HashMap<>();
    private final Map<Part, Optional<Part>> found = new IdentityHashMap<>();

    Types(Part root) {
        collect(root);
    }

    private void collect(Part part) {
        for (Part child : part.children().values()) {
            collect(child);
            if (child.needsType()) {
                add(child.asType(), byName.computeIfAbsent(child.typeName(), name -> new ArrayList<>()));
            }
        }
    }

    private static void add(Part body, List<Part> sameName) {
        for (Part type : sameName) {
            if (type.fits(body)) {
                if (!type.sameInside(body)) {
                    type.merge(body);
                }
                return;
            }
        }
        sameName.add(body);
    }

    /**
     * The type that {@code instance} is written with; null where its body stands at the instance. One that has its type's name
     * is written with that type only if that needs no more words.
     */
    @Nullable
    Part of(Part instance) {
        List<Part> sameName = byName.get(instance.typeName());
        return sameName == null ? null : found.computeIfAbsent(instance, part -> find(part, sameName)).orElse(null);
    }

    private static Optional<Part> find(Part instance, List<Part> sameName) {
        Part body = instance.asType();
        Predicate<Part> wanted = instance.needsType()
                ? type -> type.fits(body)
                : type -> type.keyword().equals(body.keyword()) && type.sameInside(body);
        return sameName.stream().filter(wanted).findFirst();
    }

    /** Whether {@code type} alone has its name, so that it can be defined once for the whole map. */
    boolean isUnique(Part type) {
        return byName.getOrDefault(type.typeName(), List.of()).size() == 1;
    }

    /** Whether a type is called {@code name}. */
    boolean has(String name) {
        return byName.containsKey(name);
    }
}
