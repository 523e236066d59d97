package dev.openppu.rdl.model;

/**
 * One register of an expanded map: an element, where the register or a block around it is an array.
 *
 * @param path     its full name, indices included, for example {@code top.queue[3].control}
 * @param address  bytes from the start of the root
 * @param register what the map says of it; its own offset is that of the first element
 */
public record RegisterInstance(String path, long address, Register register) {

    /** The path within the root: without the root's name. */
    public String pathInRoot() {
        return path.substring(path.indexOf('.') + 1);
    }

    /** The outermost block that it stands in, index included, for example {@code queue[3]}; empty for a register directly in the root. */
    public String outermostBlock() {
        String inside = pathInRoot();
        int dot = inside.indexOf('.');
        return dot < 0 ? "" : inside.substring(0, dot);
    }
}
