package dev.openppu.cli.rdl;

import dev.openppu.rdl.model.Addressable;
import dev.openppu.rdl.model.Block;
import dev.openppu.rdl.model.Node;
import dev.openppu.rdl.model.Register;

/**
 * How much a map describes, array elements counted.
 *
 * @param registers register instances
 * @param fields    field instances
 */
record MapSize(long registers, long fields) {

    static MapSize of(Addressable node) {
        MapSize one = switch (node) {
            case Register register -> new MapSize(1, register.fields().size());
            case Block block -> inside(block);
        };
        long count = node.array().count();
        return new MapSize(one.registers * count, one.fields * count);
    }

    private static MapSize inside(Block block) {
        long registers = 0;
        long fields = 0;
        for (Node child : block.children()) {
            if (child instanceof Addressable addressable) {
                MapSize size = of(addressable);
                registers += size.registers;
                fields += size.fields;
            }
        }
        return new MapSize(registers, fields);
    }
}
