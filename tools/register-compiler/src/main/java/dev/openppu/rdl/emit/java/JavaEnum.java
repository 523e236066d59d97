package dev.openppu.rdl.emit.java;

import dev.openppu.rdl.emit.naming.NameScope;
import dev.openppu.rdl.model.EnumType;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Emits one enumeration: as an enum, or as a class of constants where a class file has no room for an enum of that many entries. */
final class JavaEnum {

    /** The most entries of an enum: its initialiser, of 20-odd bytes an entry, is one method of 64 KB at most. */
    private static final int MOST_ENTRIES = 2000;

    private final String packageName;
    private final String source;

    /** What holds a value of an enumeration. */
    enum Size {
        INT, LONG, WORDS
    }

    JavaEnum(String packageName, String source) {
        this.packageName = packageName;
        this.source = source;
    }

    static Size size(EnumType type) {
        int bits = type.entries().stream().mapToInt(entry -> entry.value().bitLength()).max().orElse(0);
        return bits <= 31 ? Size.INT : bits <= RegisterAccess.WORD ? Size.LONG : Size.WORDS;
    }

    /** Whether it becomes an enum. */
    static boolean isEnum(EnumType type) {
        return type.entries().size() <= MOST_ENTRIES;
    }

    String emit(EnumType type, String name) {
        JavaFile file = new JavaFile(packageName, source);
        CodeWriter out = file.body();
        NameScope.Names<EnumType.Entry, String> names = names(type);
        if (isEnum(type)) {
            out.javadoc("Values of fields that are encoded as " + type.name() + ".");
            out.line("public enum %s {", name);
            emitEntries(out, type, names);
            switch (size(type)) {
                case INT -> emitInt(file, type, name, names);
                case LONG -> emitLong(file, name);
                case WORDS -> emitWords(file, type, name);
            }
        } else {
            out.javadoc("Values of fields that are encoded as " + type.name() + ": too many for an enum.");
            out.line("public final class %s {", name);
            type.entries().forEach(entry -> emitConstants(out, type, entry, names.of(entry)));
            out.blank().line("private %s() {", name).line("}");
        }
        out.line("}");
        return file.toString();
    }

    private static NameScope.Names<EnumType.Entry, String> names(EnumType type) {
        return new NameScope(size(type) == Size.INT ? List.of() : List.of("ALL")).assign(type.entries(),
                new NameScope.Naming<EnumType.Entry, String>() {
                    @Override
                    public String name(EnumType.Entry entry, int ordinal) {
                        return JavaNames.constant(entry.name()) + (ordinal == 1 ? "" : "_" + ordinal);
                    }

                    @Override
                    public List<String> claims(EnumType.Entry entry, String name) {
                        return List.of(name);
                    }
                });
    }

    // ---- entries

    private static void emitEntries(CodeWriter out, EnumType type, NameScope.Names<EnumType.Entry, String> names) {
        if (type.entries().isEmpty()) {
            out.line(";");
        }
        for (Iterator<EnumType.Entry> entries = type.entries().iterator(); entries.hasNext();) {
            EnumType.Entry entry = entries.next();
            out.javadoc(text(entry));
            out.line("%s(%s)%s", names.of(entry), arguments(type, entry), entries.hasNext() ? "," : ";");
        }
    }

    private static String text(EnumType.Entry entry) {
        String label = entry.label() == null ? "" : entry.label() + ". ";
        return label + Objects.requireNonNullElse(entry.description(), "Value " + entry.value() + ".");
    }

    private static String arguments(EnumType type, EnumType.Entry entry) {
        return switch (size(type)) {
            case INT -> entry.value().toString();
            case LONG -> JavaArray.hex(entry.value().longValue());
            case WORDS -> IntStream.range(0, words(type)).mapToObj(word -> JavaArray.hex(word(entry, word)))
                    .collect(Collectors.joining(", "));
        };
    }

    private static int words(EnumType type) {
        int bits = type.entries().stream().mapToInt(entry -> entry.value().bitLength()).max().orElse(1);
        return (bits + RegisterAccess.WORD - 1) / RegisterAccess.WORD;
    }

    private static long word(EnumType.Entry entry, int word) {
        return entry.value().shiftRight(word * RegisterAccess.WORD).longValue();
    }

    private static void emitConstants(CodeWriter out, EnumType type, EnumType.Entry entry, String name) {
        out.blank().javadoc(text(entry));
        if (size(type) == Size.WORDS) {
            for (int word = 0; word < words(type); word++) {
                out.line("public static final long %s_WORD%d = %s;", name, word, JavaArray.hex(word(entry, word)));
            }
        } else {
            out.line("public static final %s %s = %s;", size(type) == Size.INT ? "int" : "long", name, arguments(type, entry));
        }
    }

    // ---- from and to numbers

    private static void emitValue(JavaFile file, String name, String number) {
        CodeWriter out = file.body();
        out.blank().line("private final %s value;", number).blank();
        out.line("%s(%s value) {", name, number).line("this.value = value;").line("}").blank();
        out.javadoc("The field's value.");
        out.line("public %s value() {", number).line("return value;").line("}").blank();
        out.javadoc("The constant for a field's value, or null where there is none.");
        out.line("public static @%s %s of(%s value) {", file.use("org.jspecify.annotations.Nullable"), name, number);
    }

    private static void emitInt(JavaFile file, EnumType type, String name, NameScope.Names<EnumType.Entry, String> names) {
        emitValue(file, name, "int");
        CodeWriter out = file.body();
        out.line("return switch (value) {");
        type.entries().stream().filter(entry -> type.find(entry.value()).orElseThrow() == entry)
                .forEach(entry -> out.line("case %s -> %s;", entry.value(), names.of(entry)));
        out.line("default -> null;").line("};").line("}");
    }

    private static void emitLong(JavaFile file, String name) {
        file.body().blank().line("private static final %s[] ALL = values();", name);
        emitValue(file, name, "long");
        emitSearch(file.body(), name, "each.value == value");
    }

    /** A search that allocates nothing, which {@code values()} would. */
    private static void emitSearch(CodeWriter out, String name, String condition) {
        out.line("for (%s each : ALL) {", name).line("if (%s) {", condition).line("return each;").line("}").line("}");
        out.line("return null;").line("}");
    }

    private static void emitWords(JavaFile file, EnumType type, String name) {
        CodeWriter out = file.body();
        int words = words(type);
        out.blank().line("private static final %s[] ALL = values();", name);
        for (int word = 0; word < words; word++) {
            out.line("private final long word%d;", word);
        }
        out.blank().line("%s(%s) {", name,
                IntStream.range(0, words).mapToObj(word -> "long word" + word).collect(Collectors.joining(", ")));
        for (int word = 0; word < words; word++) {
            out.line("this.word%1$d = word%1$d;", word);
        }
        out.line("}").blank().javadoc("One word of the field's value, the lowest 64 bits first; there are " + words + ".");
        out.line("public long word(int word) {").line("return switch (word) {");
        for (int word = 0; word < words; word++) {
            out.line("case %1$d -> word%1$d;", word);
        }
        out.line("default -> throw new IndexOutOfBoundsException(word);").line("};").line("}");
        out.blank().javadoc("The constant for a field's value, the lowest 64 bits first, or null where there is none.");
        out.line("public static @%s %s of(long[] words) {", file.use("org.jspecify.annotations.Nullable"), name);
        emitSearch(out, name, IntStream.range(0, words).mapToObj(word -> "each.word%1$d == words[%1$d]".formatted(word))
                .collect(Collectors.joining(" && ")));
    }
}
