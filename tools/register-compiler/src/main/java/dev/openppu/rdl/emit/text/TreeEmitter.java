package dev.openppu.rdl.emit.text;

import dev.openppu.rdl.model.AddressMap;
import java.io.IOException;
import java.io.Writer;

/**
 * Writes a map as a tree for a terminal: a line for every block and register with its address, size, access and reset value. An
 * array is one line, {@code name[n] += stride}; the addresses below it are those of its first element.
 *
 * <pre>
 * address  name                       kind     size  access  reset
 * 0x00000  chip                       addrmap  0x90
 * 0x00000  ├─ status                  reg 32    0x4  r       0x00000001
 * 0x00010  └─ queue[8] += 0x10        regfile   0x8
 * 0x00010     └─ doorbell             reg 64    0x8  w
 * </pre>
 *
 * Instances are safe for any number of threads.
 */
public final class TreeEmitter {

    private final int depth;
    private final boolean fields;

    /** All blocks and registers, without fields. */
    public TreeEmitter() {
        this(Integer.MAX_VALUE, false);
    }

    /**
     * A part of the tree.
     *
     * @param depth  levels shown below the root, 0 or more
     * @param fields whether the fields of registers are a level, too, with their bits where the address stands
     */
    public TreeEmitter(int depth, boolean fields) {
        if (depth < 0) {
            throw new IllegalArgumentException("a tree's depth is 0 or more, not " + depth);
        }
        this.depth = depth;
        this.fields = fields;
    }

    /** Writes the tree of {@code map}. Leaves {@code out} open. */
    public void emit(AddressMap map, Writer out) throws IOException {
        TreeWalk walk = new TreeWalk(map, depth, fields);
        TreeColumns columns = new TreeColumns();
        walk.run(columns::fit);
        walk.run(row -> out.write(columns.line(row) + "\n"));
    }
}
