package dev.openppu.rdl.emit.c;

import dev.openppu.rdl.emit.naming.BodyType;
import dev.openppu.rdl.model.Addressable;
import dev.openppu.rdl.model.ArrayShape;
import dev.openppu.rdl.model.Block;
import dev.openppu.rdl.model.Memory;
import dev.openppu.rdl.model.Register;
import java.io.IOException;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** Emits the macros of one type of block: where its members are, and their registers' fields. */
final class CBlockMacros {

    private final CWriter out;
    private final BodyType type;
    private final String prefix;

    CBlockMacros(CWriter out, BodyType type, String prefix) {
        this.out = out;
        this.type = type;
        this.prefix = prefix;
    }

    /** Returns what the macros of each member begin with. */
    Map<Addressable, String> emit() throws IOException {
        Block block = type.block();
        out.line("");
        out.comment("", "Blocks of type " + block.typeName() + (block.description() == null ? "." : ": " + block.description()));
        out.define(out.claim(prefix, "_SIZE") + "_SIZE", CWriter.hex(block.elementSize()));
        if (block instanceof Memory memory) {
            String stem = out.claim(prefix, "_ENTRIES", "_ENTRY_WIDTH", "_ENTRY_STRIDE");
            out.define(stem + "_ENTRIES", decimal(memory.entries()));
            out.define(stem + "_ENTRY_WIDTH", Integer.toString(memory.width()));
            out.define(stem + "_ENTRY_STRIDE", CWriter.hex(CWords.entryBytes(memory)));
        }
        Map<Addressable, String> stems = new IdentityHashMap<>();
        for (Addressable member : type.addressable()) {
            stems.put(member, emit(member));
        }
        return stems;
    }

    private String emit(Addressable member) throws IOException {
        String stem = out.claim(prefix + "_" + CNames.macro(member.name()), "_OFFSET", "_STRIDE", "_COUNT", "_RESET_VALUE");
        out.line("");
        emitText(member);
        out.define(stem + "_OFFSET", CWriter.hex(member.offset()));
        ArrayShape array = member.array();
        if (array.isArray()) {
            out.define(stem + "_STRIDE", CWriter.hex(array.stride()));
            out.define(stem + "_COUNT", decimal(array.count()));
            List<Long> dimensions = array.dimensions();
            for (int dimension = 0; dimensions.size() > 1 && dimension < dimensions.size(); dimension++) {
                out.define(out.claim(stem + "_COUNT_" + dimension, ""), decimal(dimensions.get(dimension)));
            }
        }
        if (member instanceof Register register) {
            new CRegisterMacros(out, register, type.bigEndian(), stem).emit();
        }
        return stem;
    }

    private void emitText(Addressable member) throws IOException {
        String text = member.name() + (member.properties().text("name") == null ? "" : " (" + member.label() + ")");
        String more = member.description() == null ? "" : ": " + member.description();
        out.comment("", text + more);
    }

    private static String decimal(long number) {
        return number + (number > Integer.MAX_VALUE ? "LL" : "");
    }
}
