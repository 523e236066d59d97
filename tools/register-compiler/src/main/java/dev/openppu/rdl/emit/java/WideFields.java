package dev.openppu.rdl.emit.java;

import dev.openppu.rdl.model.EnumType;
import dev.openppu.rdl.model.Field;
import org.jspecify.annotations.Nullable;

/** Emits the bit arithmetic of fields in registers wider than 64 bits, whose values are words in an array of the caller's. */
final class WideFields {

    /** The class that does the arithmetic, emitted beside the accessors. */
    static final String HELPER = "WordBits";

    private final CodeWriter out;

    WideFields(CodeWriter out) {
        this.out = out;
    }

    void emit(Field field, JavaMembers.Stem stem, @Nullable String enumName) {
        String place = "words, %1$s_LSB, %1$s_WIDTH".formatted(stem.constant());
        if (RegisterFields.isFlag(field)) {
            out.blank().javadoc(Wording.summary(field));
            out.line("public static boolean %s(long[] words) {", stem.lower()).line("return WordBits.get(%s) != 0;", place).line("}");
            emitSet(field, stem, "boolean", "WordBits.set(" + place + ", value ? 1 : 0);");
        } else if (field.width() <= RegisterAccess.WORD) {
            out.blank().javadoc(Wording.summary(field));
            out.line("public static long %s(long[] words) {", stem.lower()).line("return WordBits.get(%s);", place).line("}");
            emitSet(field, stem, "long", "WordBits.set(" + place + ", value);");
        } else {
            out.blank().javadoc(Wording.summary(field), "The value goes to the first " + (field.width() + 63) / 64
                    + " elements of value, the lowest bits first.");
            out.line("public static void %s(long[] words, long[] value) {", stem.lower());
            out.line("WordBits.get(%s, value);", place).line("}");
            emitSet(field, stem, "long[]", "WordBits.set(" + place + ", value);");
        }
        EnumType type = field.encode();
        if (enumName != null && type != null) {
            emitSetEnum(field, stem, enumName, type, place);
        }
    }

    private void emitSet(Field field, JavaMembers.Stem stem, String type, String statement) {
        out.blank().javadoc("Replaces " + field.name() + " in words; bits of the value beyond the field are dropped.");
        out.line("public static void set%s(long[] words, %s value) {", stem.upper(), type).line("%s", statement).line("}");
    }

    private void emitSetEnum(Field field, JavaMembers.Stem stem, String enumName, EnumType type, String place) {
        if (field.width() <= RegisterAccess.WORD) {
            if (JavaEnum.size(type) != JavaEnum.Size.WORDS) {
                emitSet(field, stem, enumName, "WordBits.set(" + place + ", value.value());");
            }
            return;
        }
        out.blank().javadoc("Replaces " + field.name() + " in words.");
        out.line("public static void set%s(long[] words, %s value) {", stem.upper(), enumName);
        for (int word = 0; word * RegisterAccess.WORD < field.width(); word++) {
            String bits = JavaEnum.size(type) == JavaEnum.Size.WORDS ? "value.word(" + word + ")" : word == 0 ? "value.value()" : "0";
            int width = Math.min(RegisterAccess.WORD, field.width() - word * RegisterAccess.WORD);
            out.line("WordBits.set(words, %s_LSB + %d, %d, %s);", stem.constant(), word * RegisterAccess.WORD, width, bits);
        }
        out.line("}");
    }

    /** The source of the class that does the arithmetic. */
    static String helper(String packageName, String source) {
        JavaFile file = new JavaFile(packageName, source);
        String[] text = """
                /** Bits of values that are held as words of 64 bits, the lowest bits first. Nothing allocates. */
                final class WordBits {

                    private WordBits() {
                    }

                    /** The {@code width} bits, 64 at most, from bit {@code lsb} on. */
                    static long get(long[] words, int lsb, int width) {
                        int word = lsb >>> 6;
                        int shift = lsb & 63;
                        long bits = words[word] >>> shift;
                        if (shift + width > 64) {
                            bits |= words[word + 1] << -shift;
                        }
                        return bits & -1L >>> -width;
                    }

                    /** Replaces the {@code width} bits, 64 at most, from bit {@code lsb} on by the low bits of {@code value}. */
                    static void set(long[] words, int lsb, int width, long value) {
                        int word = lsb >>> 6;
                        int shift = lsb & 63;
                        long mask = -1L >>> -width;
                        long bits = value & mask;
                        words[word] = words[word] & ~(mask << shift) | bits << shift;
                        if (shift + width > 64) {
                            words[word + 1] = words[word + 1] & ~(mask >>> -shift) | bits >>> -shift;
                        }
                    }

                    /** Copies the {@code width} bits from bit {@code lsb} on to the first words of {@code value}. */
                    static void get(long[] words, int lsb, int width, long[] value) {
                        for (int done = 0; done < width; done += 64) {
                            value[done >>> 6] = get(words, lsb + done, Math.min(64, width - done));
                        }
                    }

                    /** Replaces the {@code width} bits from bit {@code lsb} on by the first words of {@code value}. */
                    static void set(long[] words, int lsb, int width, long[] value) {
                        for (int done = 0; done < width; done += 64) {
                            set(words, lsb + done, Math.min(64, width - done), value[done >>> 6]);
                        }
                    }
                }
                """.split("\n", -1);
        for (int i = 0; i < text.length - 1; i++) {
            file.body().line("%s", text[i].strip());
        }
        return file.toString();
    }
}
