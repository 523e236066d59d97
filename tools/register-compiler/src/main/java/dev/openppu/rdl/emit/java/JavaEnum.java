package dev.openppu.rdl.emit.java;

import dev.openppu.rdl.model.EnumType;
import java.util.Iterator;
import java.util.Objects;

/** Emits one enumeration. */
final class JavaEnum {

    private final String packageName;
    private final String source;

    JavaEnum(String packageName, String source) {
        this.packageName = packageName;
        this.source = source;
    }

    String emit(EnumType type, String name) {
        boolean wide = type.entries().stream().anyMatch(entry -> entry.value().bitLength() > 31);
        String number = wide ? "long" : "int";
        CodeWriter out = new CodeWriter();
        out.line("// Generated from %s by the register compiler.", source).line("package %s;", packageName).blank();
        out.line("import org.jspecify.annotations.Nullable;").blank();
        out.javadoc("Values of fields that are encoded as " + type.name() + ".");
        out.line("public enum %s {", name);
        for (Iterator<EnumType.Entry> entries = type.entries().iterator(); entries.hasNext();) {
            EnumType.Entry entry = entries.next();
            String label = entry.label() == null ? "" : entry.label() + ". ";
            out.javadoc(label + Objects.requireNonNullElse(entry.description(), "Value " + entry.value() + "."));
            out.line("%s(%s)%s", JavaNames.constant(entry.name()), wide ? entry.value().longValue() + "L" : entry.value(),
                    entries.hasNext() ? "," : ";");
        }
        out.blank().line("private final %s value;", number).blank();
        out.line("%s(%s value) {", name, number).line("this.value = value;").line("}").blank();
        out.javadoc("The field's value.");
        out.line("public %s value() {", number).line("return value;").line("}").blank();
        out.javadoc("The constant for a field's value, or null where there is none.");
        out.line("public static @Nullable %s of(%s value) {", name, number);
        if (wide) {
            out.line("for (%s each : values()) {", name).line("if (each.value == value) {").line("return each;").line("}").line("}");
            out.line("return null;");
        } else {
            out.line("return switch (value) {");
            type.entries().forEach(entry -> out.line("case %s -> %s;", entry.value(), JavaNames.constant(entry.name())));
            out.line("default -> null;").line("};");
        }
        return out.line("}").line("}").toString();
    }
}
