package dev.openppu.rdl.emit.rdl;

import dev.openppu.rdl.model.Value;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A component as it is to be written: an instance of the map, or a type that several instances share, with all that is in it.
 * References whose names can be found from anywhere in the map have {@link #ANYWHERE} levels; all others must be written at the
 * level that they begin at.
 */
final class Part {

    /** The {@code up} of a reference that starts in the root map and that no name on the way hides. */
    static final int ANYWHERE = -1;

    /** Properties that cannot be assigned through the hierarchy: parts that differ in one are of different types. */
    private static final Set<String> STATIC = Set.of("regwidth", "fieldwidth", "signalwidth", "shared", "mementries", "memwidth",
            "alignment", "addressing", "bridge", "msb0", "lsb0");

    private final String keyword;
    private final String name;
    private final String typeName;
    private final Layout layout;
    private final Map<String, Value> properties;
    private final Map<String, Part> children = new LinkedHashMap<>();

    /**
     * What an instance adds to its type.
     *
     * @param external whether it is external
     * @param alias    the register that it is an alias of, or null
     * @param place    what stands after its name
     */
    record Layout(boolean external, @Nullable String alias, String place) {}

    Part(String keyword, String name, String typeName, Layout layout, Map<String, Value> properties) {
        this.keyword = keyword;
        this.name = name;
        this.typeName = typeName;
        this.layout = layout;
        this.properties = new LinkedHashMap<>(properties);
    }

    String keyword() {
        return keyword;
    }

    String name() {
        return name;
    }

    String typeName() {
        return typeName;
    }

    Layout layout() {
        return layout;
    }

    Map<String, Value> properties() {
        return properties;
    }

    Map<String, Part> children() {
        return children;
    }

    boolean isField() {
        return keyword.equals("field");
    }

    /** Its reset value where that is a number, which a field's instance can say; null for none. */
    Value.@Nullable Num instanceReset() {
        return isField() && properties.get("reset") instanceof Value.Num reset ? reset : null;
    }

    /** Whether the source must have named its type. */
    boolean needsType() {
        return !name.equals(typeName) || layout.alias != null;
    }

    /** How many levels above its owner the highest reference in {@code value} begins that must be written there. */
    static int level(Value value) {
        return switch (value) {
            case Value.Reference reference -> reference.up();
            case Value.ListOf list -> list.elements().stream().mapToInt(Part::level).max().orElse(ANYWHERE);
            case Value.Struct struct -> struct.members().values().stream().mapToInt(Part::level).max().orElse(ANYWHERE);
            default -> ANYWHERE;
        };
    }

    // ---- types

    /** This part as a type: without what only its instance can say. */
    Part asType() {
        Part type = copy(0);
        if (instanceReset() != null) {
            type.properties.remove("reset");
        }
        return type;
    }

    private Part copy(int depth) {
        Part copy = new Part(keyword, name, typeName, layout, properties);
        copy.properties.values().removeIf(value -> level(value) > depth);
        children.forEach((childName, child) -> copy.children.put(childName, child.copy(depth + 1)));
        return copy;
    }

    /** Whether an instance like {@code other} can be had of this type by assigning properties through the hierarchy. */
    boolean fits(Part other) {
        return keyword.equals(other.keyword) && fitsInside(other);
    }

    private boolean fitsInside(Part other) {
        return STATIC.stream().allMatch(name -> Objects.equals(properties.get(name), other.properties.get(name)))
                && (children.keySet().containsAll(other.children.keySet()) || other.children.keySet().containsAll(children.keySet()))
                && children.values().stream().allMatch(child -> child.fitsInPlace(other.children.get(child.name)));
    }

    private boolean fitsInPlace(@Nullable Part other) {
        return other == null || keyword.equals(other.keyword) && typeName.equals(other.typeName) && layout.equals(other.layout)
                && fitsInside(other);
    }

    /**
     * Makes this a type of {@code other}, too: what {@code other} has not been given goes, as nothing can be taken back from an
     * instance; children that it lacks stay, as those can. A reference that begins inside can stand in the type only.
     */
    void merge(Part other) {
        properties.keySet().retainAll(other.properties.keySet());
        properties.replaceAll((property, value) -> {
            Value others = other.properties.get(property);
            return others != null && level(value) == ANYWHERE && level(others) != ANYWHERE ? others : value;
        });
        other.children.forEach((childName, child) -> {
            Part mine = children.get(childName);
            if (mine == null) {
                children.put(childName, child);
            } else {
                mine.merge(child);
            }
        });
    }

    /** Whether both say the same, inside. */
    boolean sameInside(Part other) {
        return properties.equals(other.properties) && children.keySet().equals(other.children.keySet())
                && children.values().stream().allMatch(child -> child.sameInPlace(other.children.get(child.name)));
    }

    private boolean sameInPlace(@Nullable Part other) {
        return other != null && keyword.equals(other.keyword) && typeName.equals(other.typeName) && layout.equals(other.layout)
                && sameInside(other);
    }
}
