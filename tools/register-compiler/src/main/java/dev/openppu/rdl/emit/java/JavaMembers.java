package dev.openppu.rdl.emit.java;

import dev.openppu.rdl.emit.naming.BodyType;
import dev.openppu.rdl.emit.naming.NameScope;
import dev.openppu.rdl.model.Addressable;
import dev.openppu.rdl.model.Memory;
import dev.openppu.rdl.model.Register;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/** The names in a block's class. */
final class JavaMembers {

    private static final List<String> OF_BLOCKS = List.of("method mmio/0", "method base/0", "field mmio", "field base");
    private static final List<String> OF_MEMORIES = List.of("method window/0", "method readEntry/1", "method readEntry/2",
            "method writeEntry/2", "method writeEntry/3");

    private final NameScope.Names<Addressable, Stem> stems;

    /**
     * What the names of one member are made of.
     *
     * @param lower    a method's or a field's name
     * @param upper    what follows {@code read}, {@code write}, {@code with}
     * @param constant what a constant's name begins with
     * @param type     a nested class's name
     */
    record Stem(String lower, String upper, String constant, String type) {
        static Stem of(String name, int ordinal) {
            String number = ordinal == 1 ? "" : "_" + ordinal;
            String upper = JavaNames.upperCamel(name) + number;
            String lower = ordinal == 1 ? JavaNames.lowerCamel(name) : Character.toLowerCase(upper.charAt(0)) + upper.substring(1);
            return new Stem(lower, upper, JavaNames.constant(name) + number, JavaNames.type(upper));
        }
    }

    /** @param classes the blocks' classes, folded, which a register's class would hide */
    JavaMembers(BodyType type, Set<String> classes) {
        List<String> reserved = new ArrayList<>(OF_BLOCKS);
        if (type.block() instanceof Memory) {
            reserved.addAll(OF_MEMORIES);
        }
        stems = new NameScope(reserved).assign(type.addressable(), new NameScope.Naming<Addressable, Stem>() {
            @Override
            public Stem name(Addressable member, int ordinal) {
                Stem stem = Stem.of(member.name(), ordinal);
                return classes.contains(JavaNames.fold(stem.type))
                        ? new Stem(stem.lower, stem.upper, stem.constant, stem.type + "Register")
                        : stem;
            }

            @Override
            public Collection<String> claims(Addressable member, Stem stem) {
                return JavaMembers.claims(member, stem);
            }
        });
    }

    private static Collection<String> claims(Addressable member, Stem stem) {
        int indices = member.array().dimensions().size();
        List<String> claims = new ArrayList<>(List.of(stem.constant + "_OFFSET", stem.constant + "_STRIDE", stem.constant + "_COUNT"));
        if (member instanceof Register) {
            claims.add("type " + JavaNames.fold(stem.type));
            claims.add("method read" + stem.upper + "/" + indices);
            claims.add("method read" + stem.upper + "/" + (indices + 1));
            claims.add("method write" + stem.upper + "/" + (indices + 1));
            claims.add("method write" + stem.upper + "/" + (indices + 2));
        } else {
            claims.add("field " + stem.lower);
            claims.add("method " + stem.lower + "/" + indices);
        }
        return claims;
    }

    Stem of(Addressable member) {
        return stems.of(member);
    }
}
