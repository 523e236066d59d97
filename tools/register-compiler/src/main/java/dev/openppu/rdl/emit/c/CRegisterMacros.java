package dev.openppu.rdl.emit.c;

import dev.openppu.rdl.model.Field;
import dev.openppu.rdl.model.OnRead;
import dev.openppu.rdl.model.OnWrite;
import dev.openppu.rdl.model.Register;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Locale;

/** Emits the macros of one register: its reset value and its fields. */
final class CRegisterMacros {

    private static final int WIDEST = 64;

    private final CWriter out;
    private final Register register;
    private final boolean bigEndian;
    private final String stem;
    private final CWords words;

    CRegisterMacros(CWriter out, Register register, boolean bigEndian, String stem) {
        this.out = out;
        this.register = register;
        this.bigEndian = bigEndian;
        this.stem = stem;
        this.words = CWords.of(register);
    }

    void emit() throws IOException {
        if (register.width() > WIDEST) {
            out.comment("", "Wider than an integer: words of " + words.bits() + " bits; word 0 holds the lowest bits"
                    + (bigEndian ? " and stands at the highest address." : "."));
            out.define(out.claim(stem, "_WORDS") + "_WORDS", Integer.toString(words.count()));
            emitWords(stem + "_RESET_VALUE", register.reset(), register.width());
        } else {
            out.define(stem + "_RESET_VALUE", CWriter.hex(register.reset(), register.width()));
        }
        for (Field field : register.fields()) {
            emit(field);
        }
    }

    private void emit(Field field) throws IOException {
        String name = out.claim(stem + "_" + CNames.macro(field.name()), "_LSB", "_WIDTH", "_MASK", "_RESET");
        out.comment("", text(field));
        out.define(name + "_LSB", Integer.toString(field.low()));
        out.define(name + "_WIDTH", Integer.toString(field.width()));
        BigInteger reset = field.reset();
        if (register.width() <= WIDEST) {
            out.define(name + "_MASK", CWriter.hex(field.mask(), register.width()));
        } else {
            for (int word = field.low() / words.bits(); word <= field.high() / words.bits(); word++) {
                out.define(out.claim(name + "_MASK_" + word, ""), CWriter.hex(word(field.mask(), word), words.bits()));
            }
        }
        if (reset == null) {
            return;
        }
        if (field.width() <= WIDEST) {
            out.define(name + "_RESET", CWriter.hex(reset, Math.max(field.width(), Math.min(register.width(), WIDEST))));
        } else {
            emitWords(name + "_RESET", reset, field.width());
        }
    }

    private void emitWords(String name, BigInteger value, int width) throws IOException {
        for (int word = 0; word * words.bits() < width; word++) {
            out.define(out.claim(name + "_" + word, ""), CWriter.hex(word(value, word), words.bits()));
        }
    }

    private BigInteger word(BigInteger value, int word) {
        BigInteger ones = BigInteger.ONE.shiftLeft(words.bits()).subtract(BigInteger.ONE);
        return value.shiftRight(word * words.bits()).and(ones);
    }

    private static String text(Field field) {
        String bits = field.width() == 1 ? "[" + field.low() + "]" : "[" + field.high() + ":" + field.low() + "]";
        String label = field.properties().text("name") == null ? "" : " (" + field.label() + ")";
        String description = field.description() == null ? "" : ": " + field.description();
        return field.name() + bits + label + description + " Access: sw " + word(field.sw()) + ", hw " + word(field.hw())
                + (field.onRead() == OnRead.NONE ? "" : ", " + word(field.onRead()))
                + (field.onWrite() == OnWrite.NONE ? "" : ", " + word(field.onWrite())) + (field.isSinglePulse() ? ", singlepulse" : "");
    }

    private static String word(Enum<?> kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }
}
