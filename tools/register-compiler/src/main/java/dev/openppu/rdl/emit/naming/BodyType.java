package dev.openppu.rdl.emit.naming;

import dev.openppu.rdl.model.Addressable;
import dev.openppu.rdl.model.Block;
import dev.openppu.rdl.model.Register;
import java.util.ArrayList;
import java.util.List;

/** A type of block as an emitter sees it: all blocks with the same type name and the same contents. Compared by identity. */
public final class BodyType {

    private final Block block;
    private final boolean bigEndian;
    private final List<Member> members;

    /**
     * A block in it.
     *
     * @param block the block, or the array of blocks
     * @param type  its type
     */
    public record Member(Block block, BodyType type) {}

    BodyType(Block block, boolean bigEndian, List<Member> members) {
        this.block = block;
        this.bigEndian = bigEndian;
        this.members = List.copyOf(members);
    }

    /** The first block of this type. */
    public Block block() {
        return block;
    }

    /** Whether the most significant part of a register in it has the lowest address. */
    public boolean bigEndian() {
        return bigEndian;
    }

    /** The blocks in it, in the order of their addresses. */
    public List<Member> members() {
        return members;
    }

    /** The registers directly in it, in the order of their addresses. */
    public List<Register> registers() {
        return block.registers().toList();
    }

    /** The blocks and registers directly in it, in the order of their addresses. */
    public List<Addressable> addressable() {
        List<Addressable> found = new ArrayList<>();
        block.children().forEach(child -> {
            if (child instanceof Addressable addressable) {
                found.add(addressable);
            }
        });
        return found;
    }
}
