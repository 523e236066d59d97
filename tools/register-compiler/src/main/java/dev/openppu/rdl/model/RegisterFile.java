package dev.openppu.rdl.model;

import java.util.List;

/**
 * A group of registers.
 *
 * @param placement   where it stands
 * @param properties  what was given to it
 * @param children    what is in it
 * @param elementSize bytes that one element occupies
 */
public record RegisterFile(Placement placement, Properties properties, List<Node> children, long elementSize) implements Block {

    public RegisterFile {
        children = List.copyOf(children);
    }
}
