package dev.openppu.rdl.emit.svd;

import dev.openppu.rdl.model.Addressable;
import dev.openppu.rdl.model.Block;
import dev.openppu.rdl.model.Register;
import java.io.IOException;
import java.util.List;

/** Writes what is in a peripheral or cluster. */
final class SvdBlock {

    private final SvdXml xml;
    private final SvdRegister registers;

    SvdBlock(SvdXml xml) {
        this.xml = xml;
        this.registers = new SvdRegister(xml);
    }

    void writeContents(List<Addressable> nodes) throws IOException {
        SvdNames names = new SvdNames();
        Placed clusters = new Placed();
        Placed placed = new Placed();
        for (Addressable node : nodes) {
            switch (node) {
                case Register register -> registers.write(register, names, placed);
                case Block block when SvdEmitter.hasRegisters(block) -> writeCluster(block, names.take(block.name()), clusters);
                case Block block -> {
                }
            }
        }
    }

    private void writeCluster(Block block, String name, Placed clusters) throws IOException {
        xml.begin("cluster");
        writeArray(xml, block, name);
        xml.text("description", SvdNames.someDescription(block));
        xml.text("alternateCluster", clusters.add(name, block.offset(), block.totalSize()));
        xml.hex("addressOffset", block.offset());
        writeContents(block.children().stream().filter(Addressable.class::isInstance).map(Addressable.class::cast).toList());
        xml.end();
    }

    /** The elements that make an array of something, and its name. */
    static void writeArray(SvdXml xml, Addressable node, String name) throws IOException {
        boolean array = node.array().isArray();
        if (array) {
            xml.number("dim", node.array().count());
            xml.hex("dimIncrement", node.array().stride());
        }
        xml.text("name", array ? name + "[%s]" : name);
    }
}
