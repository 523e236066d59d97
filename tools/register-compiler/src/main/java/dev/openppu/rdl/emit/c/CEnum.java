package dev.openppu.rdl.emit.c;

import dev.openppu.rdl.model.EnumType;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Objects;

/** Emits one enumeration: as an enum if an {@code int} holds its values, else as macros. */
final class CEnum {

    private static final int WORD = 64;

    private final CWriter out;
    private final CTypes.Name name;

    CEnum(CWriter out, CTypes.Name name) {
        this.out = out;
        this.name = name;
    }

    void emit(EnumType type) throws IOException {
        int bits = type.entries().stream().mapToInt(entry -> entry.value().bitLength()).max().orElse(0);
        out.line("");
        out.comment("", "Values of fields that are encoded as " + type.name() + ".");
        if (bits > 31 || type.entries().isEmpty()) {
            for (EnumType.Entry entry : type.entries()) {
                emitMacro(entry, bits);
            }
            return;
        }
        out.line("enum " + name.tag() + " {");
        for (EnumType.Entry entry : type.entries()) {
            emitText("    ", entry);
            out.line("    " + nameOf(entry) + " = " + entry.value() + ",");
        }
        out.line("};");
    }

    private String nameOf(EnumType.Entry entry) {
        return out.claim(name.macro() + "_" + CNames.macro(entry.name()), "");
    }

    private void emitText(String indent, EnumType.Entry entry) throws IOException {
        if (entry.label() != null || entry.description() != null) {
            String label = entry.label() == null ? "" : entry.label() + ". ";
            out.comment(indent, label + Objects.requireNonNullElse(entry.description(), ""));
        }
    }

    private void emitMacro(EnumType.Entry entry, int bits) throws IOException {
        emitText("", entry);
        String macro = nameOf(entry);
        if (bits <= WORD) {
            out.define(macro, CWriter.hex(entry.value(), bits));
            return;
        }
        BigInteger ones = BigInteger.ONE.shiftLeft(WORD).subtract(BigInteger.ONE);
        for (int word = 0; word * WORD < bits; word++) {
            out.define(out.claim(macro + "_" + word, ""), CWriter.hex(entry.value().shiftRight(word * WORD).and(ones), WORD));
        }
    }
}
