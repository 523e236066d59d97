package dev.openppu.rdl.path;

import dev.openppu.rdl.model.AddressMap;
import dev.openppu.rdl.model.Addressable;
import dev.openppu.rdl.model.Node;
import dev.openppu.rdl.model.Register;
import org.jspecify.annotations.Nullable;

/**
 * A node of a map where it stands: of an array, one element.
 *
 * @param node    what the map says of it
 * @param address its address in bytes from the start of the map; a field's or signal's is that of what it stands in
 * @param element its number in its array, the last dimension varying fastest; 0 where there is no array
 * @param parent  what it stands in, or null for the map itself
 */
public record LocatedNode(Node node, long address, long element, @Nullable LocatedNode parent) {

    /** The map itself, at 0. */
    public static LocatedNode root(AddressMap map) {
        return new LocatedNode(map, 0, 0, null);
    }

    /** Element {@code index} of {@code child}, which stands in this one. */
    public LocatedNode element(Addressable child, long index) {
        return new LocatedNode(child, address + child.offset() + child.array().offset(index), index, this);
    }

    /** Its full path, the map's own name first: {@code top.block[2].reg}. */
    public String path() {
        String own = node instanceof Addressable block && parent != null ? node.name() + block.array().subscript(element) : node.name();
        return parent == null ? own : parent.path() + "." + own;
    }

    /** Whether the most significant byte stands at the lowest address: what the innermost address map that says so says. */
    public boolean isBigEndian() {
        for (LocatedNode at = this; at != null; at = at.parent) {
            if (at.node.properties().is("bigendian")) {
                return true;
            }
            if (at.node.properties().is("littleendian")) {
                return false;
            }
        }
        return false;
    }

    /** The register that this is, or that this field or signal stands in; null for a block or what stands in one. */
    public @Nullable LocatedNode register() {
        return node instanceof Register ? this : parent != null && parent.node instanceof Register ? parent : null;
    }
}
