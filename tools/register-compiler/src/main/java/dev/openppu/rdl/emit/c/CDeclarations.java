package dev.openppu.rdl.emit.c;

import dev.openppu.rdl.emit.naming.BodyType;
import dev.openppu.rdl.model.Addressable;
import dev.openppu.rdl.model.Block;
import dev.openppu.rdl.model.Memory;
import dev.openppu.rdl.model.Register;
import java.util.List;
import java.util.stream.Collectors;

/** Declares registers and blocks as members of structures. */
final class CDeclarations {

    /** What an element of a member is in C: {@code type} and {@code suffix} stand before and behind its name. */
    private record Element(String type, String suffix, long size, int alignment, String nameInWrapper) {}

    private CDeclarations() {}

    static CMember declare(Register register, String name) {
        CWords words = CWords.of(register);
        return place(register, name, new Element("volatile " + words.type(), suffix(words), register.width() / 8, words.bytes(), "value"));
    }

    /**
     * Declares a block.
     *
     * @param tag    its structure's
     * @param extent what C makes of its structure
     */
    static CMember declare(Block block, BodyType type, String name, String tag, CStructs.Extent extent) {
        if (!extent.exists()) {
            return new CMember.LeftOut(block, name, "too large");
        }
        if (!(block instanceof Memory memory)) {
            return place(block, name, new Element("struct " + tag, "", extent.size(), extent.alignment(), "regs"));
        }
        CWords words = CWords.of(memory);
        String entry = "volatile " + words.type();
        String entries = "[" + memory.entries() + "]" + suffix(words);
        if (type.addressable().isEmpty()) {
            return place(block, name, new Element(entry, entries, memory.elementSize(), words.bytes(), "entries"));
        }
        String union = "union { " + entry + " entries" + entries + "; struct " + tag + " regs; }";
        return place(block, name, new Element(union, "", Math.max(extent.size(), memory.elementSize()),
                Math.max(extent.alignment(), words.bytes()), "memory"));
    }

    private static String suffix(CWords words) {
        return words.count() == 1 ? "" : "[" + words.count() + "]";
    }

    private static CMember place(Addressable node, String name, Element element) {
        long stride = node.array().stride();
        boolean array = node.array().isArray();
        if (node.offset() % element.alignment != 0 || array && stride % element.alignment != 0) {
            return new CMember.LeftOut(node, name, "C would align it to " + element.alignment + " bytes");
        }
        if (array && stride < element.size) {
            return new CMember.LeftOut(node, name, "C would make its elements " + element.size + " bytes large");
        }
        String dimensions = node.array().dimensions().stream().map(dimension -> "[" + dimension + "]").collect(Collectors.joining());
        if (!array || stride == element.size) {
            return new CMember.Placed(node, name, element.size * node.array().count(), element.alignment,
                    List.of(element.type + " " + name + dimensions + element.suffix + ";"));
        }
        return new CMember.Placed(node, name, stride * node.array().count(), element.alignment,
                List.of("struct {", "    " + element.type + " " + element.nameInWrapper + element.suffix + ";",
                        "    uint8_t reserved[" + CWriter.hex(stride - element.size) + "];", "} " + name + dimensions + ";"));
    }
}
