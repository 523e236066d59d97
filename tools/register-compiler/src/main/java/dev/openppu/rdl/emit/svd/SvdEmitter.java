package dev.openppu.rdl.emit.svd;

import dev.openppu.rdl.model.AddressMap;
import dev.openppu.rdl.model.Addressable;
import dev.openppu.rdl.model.Block;
import dev.openppu.rdl.model.Register;
import java.io.IOException;
import java.io.Writer;
import java.util.List;

/**
 * Emits a map as CMSIS-SVD 1.3, valid by the rules of its schema. Every block directly in the map becomes a peripheral, blocks
 * within become clusters, registers directly in the map a peripheral of their own with the map's name. Arrays stay arrays; several
 * dimensions become one. A register wider than 64 bits is split into words. What the format has no words for is left out: fields that
 * software cannot access, memories without registers, what hardware does.
 */
public final class SvdEmitter {

    private static final long DEFAULT_SIZE = 32;
    private static final long WIDEST = 64;

    /** Writes {@code map}; leaves {@code out} open. */
    public void emit(AddressMap map, Writer out) throws IOException {
        SvdXml xml = new SvdXml(out);
        xml.begin("device").attribute("schemaVersion", "1.3").attribute("xmlns:xs", "http://www.w3.org/2001/XMLSchema-instance")
                .attribute("xs:noNamespaceSchemaLocation", "CMSIS-SVD.xsd");
        xml.text("name", SvdNames.identifier(map.name()));
        xml.text("version", "1.0");
        xml.text("description", SvdNames.someDescription(map));
        xml.number("addressUnitBits", 8);
        xml.number("width", widest(map) > DEFAULT_SIZE ? WIDEST : DEFAULT_SIZE);
        xml.number("size", DEFAULT_SIZE);
        xml.begin("peripherals");
        writePeripherals(map, xml);
        xml.end();
        xml.end();
        xml.finish();
        out.flush();
    }

    private static void writePeripherals(AddressMap map, SvdXml xml) throws IOException {
        SvdNames names = new SvdNames();
        SvdBlock writer = new SvdBlock(xml);
        Placed before = new Placed();
        for (Block block : map.blocks().filter(SvdEmitter::hasRegisters).toList()) {
            String name = names.take(block.name());
            xml.begin("peripheral");
            SvdBlock.writeArray(xml, block, name);
            xml.text("description", SvdNames.description(block));
            xml.text("alternatePeripheral", before.add(name, block.offset(), block.totalSize()));
            xml.hex("baseAddress", block.offset());
            writeRegisters(block.elementSize(), block.children().stream().filter(Addressable.class::isInstance)
                    .map(Addressable.class::cast).toList(), writer, xml);
            xml.end();
        }
        List<Addressable> own = map.registers().map(Addressable.class::cast).toList();
        if (!own.isEmpty()) {
            xml.begin("peripheral");
            xml.text("name", names.take(map.name()));
            xml.text("description", SvdNames.description(map));
            xml.hex("baseAddress", 0);
            writeRegisters(own.stream().mapToLong(node -> node.offset() + node.totalSize()).max().orElse(0), own, writer, xml);
            xml.end();
        }
    }

    private static void writeRegisters(long size, List<Addressable> nodes, SvdBlock writer, SvdXml xml) throws IOException {
        xml.begin("addressBlock");
        xml.number("offset", 0);
        xml.hex("size", size);
        xml.text("usage", "registers");
        xml.end();
        xml.begin("registers");
        writer.writeContents(nodes);
        xml.end();
    }

    static boolean hasRegisters(Block block) {
        return block.registers().findAny().isPresent() || block.blocks().anyMatch(SvdEmitter::hasRegisters);
    }

    private static long widest(Block block) {
        return Math.max(block.registers().mapToLong(Register::width).max().orElse(0),
                block.blocks().mapToLong(SvdEmitter::widest).max().orElse(0));
    }
}
