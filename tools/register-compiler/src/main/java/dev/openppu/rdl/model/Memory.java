package dev.openppu.rdl.model;

import java.util.List;

/**
 * A memory: {@code mementries} entries of {@code memwidth} bits, maybe with virtual registers laid over it.
 *
 * @param placement   where it stands
 * @param properties  what was given to it
 * @param children    its virtual registers
 * @param elementSize bytes that one element occupies
 */
public record Memory(Placement placement, Properties properties, List<Node> children, long elementSize) implements Block {

    public Memory {
        children = List.copyOf(children);
    }

    /** Number of entries. */
    public long entries() {
        return properties.number("mementries", 1);
    }

    /** Bits of one entry. */
    public int width() {
        return (int) properties.number("memwidth", 32);
    }

    /** What software may do with it. */
    public Access sw() {
        return Access.of(properties.keyword("sw", "rw"));
    }
}
