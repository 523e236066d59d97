package dev.openppu.rdl.emit.html;

import dev.openppu.rdl.model.Addressable;
import dev.openppu.rdl.model.Block;
import dev.openppu.rdl.model.Memory;
import java.io.Writer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.SerializableString;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.io.CharacterEscapes;
import tools.jackson.core.json.JsonFactory;

/**
 * Writes what the document's script needs to know and cannot read in the document: which type stands where in which type. Addresses
 * are hexadecimal strings, since numbers of the script's language end at 2^53.
 *
 * <pre>
 * {"name": ROOT, "base": ADDRESS, "blocks": [{"size": BYTES, "entries"?: [n, BYTES], "members": [[name, type, OFFSET, [dimensions]?, STRIDE?]]}]}
 * </pre>
 */
final class Skeleton {

    private final JsonGenerator json;

    /** Escapes what could end the element that holds the data. */
    private static final class NoMarkup extends CharacterEscapes {

        private static final long serialVersionUID = 1;
        private static final int[] ESCAPES = escapes();

        private static int[] escapes() {
            int[] escapes = CharacterEscapes.standardAsciiEscapesForJSON();
            for (char c : "<>&'".toCharArray()) {
                escapes[c] = CharacterEscapes.ESCAPE_STANDARD;
            }
            return escapes;
        }

        @Override
        public int[] getEscapeCodesForAscii() {
            return ESCAPES;
        }

        @Override
        public SerializableString getEscapeSequence(int character) {
            throw new IllegalStateException("no escape of our own: " + character);
        }
    }

    Skeleton(Writer out) {
        JsonFactory factory = JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
                .disable(StreamWriteFeature.FLUSH_PASSED_TO_STREAM)
                .characterEscapes(new NoMarkup()).build();
        json = factory.createGenerator(ObjectWriteContext.empty(), out);
    }

    void write(Catalog catalog) {
        Block root = catalog.root().sample();
        json.writeStartObject();
        json.writeStringProperty("name", root.name());
        json.writeStringProperty("base", Long.toHexString(root.offset()));
        json.writeArrayPropertyStart("blocks");
        catalog.blocks().forEach(this::writeBlock);
        json.writeEndArray();
        json.writeEndObject();
        json.close();
    }

    private void writeBlock(BlockType type) {
        json.writeStartObject();
        json.writeStringProperty("size", Long.toHexString(type.sample().elementSize()));
        if (type.sample() instanceof Memory memory) {
            json.writeArrayPropertyStart("entries");
            json.writeNumber(memory.entries());
            json.writeString(Long.toHexString(memory.elementSize() / Math.max(1, memory.entries())));
            json.writeEndArray();
        }
        json.writeArrayPropertyStart("members");
        type.members.forEach(this::writeMember);
        json.writeEndArray();
        json.writeEndObject();
    }

    private void writeMember(BlockType.Member member) {
        Addressable node = member.node();
        json.writeStartArray();
        json.writeString(node.name());
        json.writeString(member.type().id());
        json.writeString(Long.toHexString(node.offset()));
        if (node.array().isArray()) {
            json.writeStartArray();
            node.array().dimensions().forEach(json::writeNumber);
            json.writeEndArray();
            json.writeString(Long.toHexString(node.array().stride()));
        }
        json.writeEndArray();
    }
}
