package dev.openppu.rdl.emit.java;

import java.util.Locale;
import java.util.Set;

/** Java's names for the names of a register description. */
final class JavaNames {

    /** Words that cannot be identifiers, and {@link Object#wait(long)}, whose signature a field's accessor would have. */
    private static final Set<String> TAKEN = Set.of("abstract", "assert", "boolean", "break", "byte", "case", "catch", "char",
            "class", "const", "continue", "default", "do", "double", "else", "enum", "extends", "false", "final", "finally",
            "float", "for", "goto", "if", "implements", "import", "instanceof", "int", "interface", "long", "native", "new",
            "null", "package", "private", "protected", "public", "return", "short", "static", "strictfp", "super", "switch",
            "synchronized", "this", "throw", "throws", "transient", "true", "try", "void", "volatile", "wait", "while");

    private JavaNames() {}

    /** {@code boot_status} → {@code BootStatus}. */
    static String upperCamel(String name) {
        StringBuilder out = new StringBuilder(name.length());
        boolean up = true;
        boolean allCaps = name.equals(name.toUpperCase(Locale.ROOT));
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '_') {
                up = true;
            } else {
                out.append(up ? Character.toUpperCase(c) : allCaps ? Character.toLowerCase(c) : c);
                up = false;
            }
        }
        if (out.isEmpty() || !Character.isJavaIdentifierStart(out.charAt(0))) {
            out.insert(0, '_');
        }
        return out.toString();
    }

    /** {@code boot_status} → {@code bootStatus}; a word that Java keeps for itself gets an underscore. */
    static String lowerCamel(String name) {
        String upper = upperCamel(name);
        String lower = Character.toLowerCase(upper.charAt(0)) + upper.substring(1);
        return TAKEN.contains(lower) ? lower + "_" : lower;
    }

    /** {@code bootStatus} and {@code boot_status} → {@code BOOT_STATUS}. */
    static String constant(String name) {
        StringBuilder out = new StringBuilder(name.length() + 4);
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (i > 0 && Character.isUpperCase(c) && Character.isLowerCase(name.charAt(i - 1))) {
                out.append('_');
            }
            out.append(Character.toUpperCase(c));
        }
        String constant = out.toString();
        return Character.isJavaIdentifierStart(constant.charAt(0)) ? constant : "_" + constant;
    }

    /** {@code boot_state_e} → {@code BootState}. */
    static String enumName(String name) {
        return upperCamel(name.endsWith("_e") && name.length() > 2 ? name.substring(0, name.length() - 2) : name);
    }
}
