package dev.openppu.rdl.emit.html;

import dev.openppu.rdl.model.Addressable;
import dev.openppu.rdl.model.Block;
import java.util.ArrayList;
import java.util.List;

/** What blocks with the same contents share: one chapter of the reference. */
final class BlockType implements DescribedType {

    /** What is in it that has an address, in the order of the offsets. */
    final List<Member> members;
    /** The types of registers that are described in this chapter, in the order of their first offsets. */
    final List<RegisterType> described = new ArrayList<>();
    /** Where blocks of this type stand, as far as they are listed. */
    final List<Place> places = new ArrayList<>();
    private Block sample;
    private int number = -1;

    /** An instance in a block. */
    record Member(Addressable node, DescribedType type) {}

    /** A path, arrays unexpanded, and the address of its first element. */
    record Place(String path, long address) {}

    BlockType(Block sample, List<Member> members) {
        this.sample = sample;
        this.members = List.copyOf(members);
    }

    /** The first of them in the document. */
    Block sample() {
        return sample;
    }

    @Override
    public String id() {
        return "b-" + number;
    }

    @Override
    public boolean isNumbered() {
        return number >= 0;
    }

    /** Gives it its place in the document, below {@code first}. */
    void number(int next, Block first) {
        number = next;
        sample = first;
    }
}
