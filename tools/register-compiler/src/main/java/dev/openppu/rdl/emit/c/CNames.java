package dev.openppu.rdl.emit.c;

import java.util.Locale;
import java.util.Set;

/** C's names for the names of a register description. */
final class CNames {

    /** Words of C23 and C++23 that cannot be identifiers, and what standard headers and old compilers define as macros. */
    private static final Set<String> WORDS = Set.of("alignas", "alignof", "and", "and_eq", "asm", "auto", "bitand", "bitor", "bool",
            "break",
            "case", "catch", "char", "char16_t", "char32_t", "char8_t", "class", "co_await", "co_return", "co_yield", "compl", "concept",
            "const", "const_cast", "consteval", "constexpr", "constinit", "continue", "decltype", "default", "delete", "do", "double",
            "dynamic_cast", "else", "enum", "explicit", "export", "extern", "false", "float", "for", "friend", "goto", "if", "inline",
            "int",
            "long", "mutable", "namespace", "new", "noexcept", "not", "not_eq", "nullptr", "operator", "or", "or_eq", "private",
            "protected",
            "public", "register", "reinterpret_cast", "requires", "restrict", "return", "short", "signed", "sizeof", "static",
            "static_assert", "static_cast", "struct", "switch", "template", "this", "thread_local", "throw", "true", "try", "typedef",
            "typeid", "typename", "typeof", "typeof_unqual", "union", "unsigned", "using", "virtual", "void", "volatile", "wchar_t",
            "while",
            "xor", "xor_eq", "NULL", "assert", "complex", "errno", "i386", "imaginary", "linux", "major", "makedev", "minor", "noreturn",
            "offsetof", "stderr", "stdin", "stdout", "uint16_t", "uint32_t", "uint64_t", "uint8_t", "unix", "I", "EOF");

    private CNames() {}

    /** {@code boot_status} → {@code BOOT_STATUS}. */
    static String macro(String name) {
        return cleaned(name).toUpperCase(Locale.ROOT);
    }

    /** A member's name; a word that C or C++ keeps for itself gets an underscore. */
    static String identifier(String name) {
        String clean = cleaned(name);
        return WORDS.contains(clean) || isReserved(clean) ? clean + "_" : clean;
    }

    /** Names with two underscores in front, or one and a capital, belong to compilers. */
    private static boolean isReserved(String name) {
        return name.startsWith("__") || name.length() > 1 && name.charAt(0) == '_' && Character.isUpperCase(name.charAt(1));
    }

    /** Without what no identifier has: descriptions that were imported may have it. Part of a name, it may be a word. */
    static String cleaned(String name) {
        StringBuilder out = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            out.append(c < 128 && Character.isLetterOrDigit(c) ? c : '_');
        }
        return Character.isDigit(out.charAt(0)) ? "_" + out : out.toString();
    }
}
