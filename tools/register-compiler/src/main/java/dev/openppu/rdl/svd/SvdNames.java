package dev.openppu.rdl.svd;

import dev.openppu.rdl.source.Diagnostics;
import dev.openppu.rdl.source.Warning;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/** The names of one scope, made to be identifiers and different from each other. */
final class SvdNames {

    private static final Pattern ILLEGAL = Pattern.compile("[^A-Za-z0-9_]");

    private final Diagnostics diagnostics;
    private final Set<String> taken = new HashSet<>();

    SvdNames(Diagnostics diagnostics) {
        this.diagnostics = diagnostics;
    }

    static String legal(String name) {
        String legal = ILLEGAL.matcher(name.strip()).replaceAll("_");
        return legal.isEmpty() || Character.isDigit(legal.charAt(0)) ? "_" + legal : legal;
    }

    /** {@code wanted} as an identifier that nothing else in this scope has; where it must be another name, that is reported. */
    String take(String wanted, SvdElement element) {
        String name = legal(wanted);
        for (int i = 2; !taken.add(name); i++) {
            name = legal(wanted) + "_" + i;
        }
        if (!name.equals(legal(wanted))) {
            diagnostics.warning(Warning.NOT_STANDARD, element.span(),
                    "'" + wanted + "' stands here twice; this one is called '" + name + "'");
        }
        return name;
    }
}
