package dev.openppu.rdl.emit.java;

import java.util.Locale;
import java.util.Set;

/** Java's names for the names of a register description. */
final class JavaNames {

    /** Words that cannot be identifiers, and the methods of {@link Object}. */
    private static final Set<String> WORDS = Set.of("abstract", "assert", "boolean", "break", "byte", "case", "catch", "char", "class",
            "clone", "const", "continue", "default", "do", "double", "else", "enum", "equals", "extends", "false", "final", "finalize",
            "finally", "float", "for", "getClass", "goto", "hashCode", "if", "implements", "import", "instanceof", "int", "interface",
            "long", "native", "new", "notify", "notifyAll", "null", "package", "private", "protected", "public", "return", "short",
            "static", "strictfp", "super", "switch", "synchronized", "this", "throw", "throws", "toString", "transient", "true", "try",
            "void", "volatile", "wait", "while");

    /** Types that the emitted code names by their simple names. */
    private static final Set<String> TYPES = Set.of("Byte", "Enum", "Integer", "Long", "Mmio", "Nullable", "Object", "Objects", "Override",
            "Short", "String", "SIZE", "WordBits");

    /** Longest name of a class: two of them and what stands around them make a file's name. */
    private static final int LONGEST_TYPE = 100;

    private JavaNames() {}

    /** {@code boot_status} → {@code BootStatus}. */
    static String upperCamel(String name) {
        StringBuilder out = new StringBuilder(name.length());
        boolean up = true;
        boolean allCaps = name.equals(name.toUpperCase(Locale.ROOT));
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (isSeparator(c)) {
                up = true;
            } else {
                out.append(up ? Character.toUpperCase(c) : allCaps ? Character.toLowerCase(c) : c);
                up = false;
            }
        }
        if (out.isEmpty()) {
            return "__";
        }
        return Character.isDigit(out.charAt(0)) ? "_" + out : out.toString();
    }

    /** Underscores, and what no identifier has: descriptions that were imported may have it. */
    private static boolean isSeparator(char c) {
        return c >= 128 || !Character.isLetterOrDigit(c);
    }

    /** {@code boot_status} → {@code bootStatus}; a word that Java keeps for itself gets an underscore. */
    static String lowerCamel(String name) {
        String upper = upperCamel(name);
        String lower = Character.toLowerCase(upper.charAt(0)) + upper.substring(1);
        return WORDS.contains(lower) ? lower + "_" : lower;
    }

    /** {@code bootStatus} and {@code boot_status} → {@code BOOT_STATUS}. */
    static String constant(String name) {
        StringBuilder out = new StringBuilder(name.length() + 4);
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (i > 0 && Character.isUpperCase(c) && Character.isLowerCase(name.charAt(i - 1))) {
                out.append('_');
            }
            out.append(isSeparator(c) ? '_' : Character.toUpperCase(c));
        }
        String constant = out.toString();
        return Character.isDigit(constant.charAt(0)) || constant.equals("_") ? "_" + constant : constant;
    }

    /** {@code boot_state_e} → {@code BootState}. */
    static String enumName(String name) {
        return type(upperCamel(name.endsWith("_e") && name.length() > 2 ? name.substring(0, name.length() - 2) : name));
    }

    /** A class's name: one that emitted code uses itself gets an underscore, one too long for a file is cut and told apart by a hash. */
    static String type(String name) {
        if (name.length() > LONGEST_TYPE) {
            return name.substring(0, LONGEST_TYPE - 9) + "_" + String.format("%08x", name.hashCode());
        }
        return TYPES.contains(name) ? name + "_" : name;
    }

    /** What is the same for names that a file system may not tell apart. */
    static String fold(String type) {
        return type.toLowerCase(Locale.ROOT);
    }
}
