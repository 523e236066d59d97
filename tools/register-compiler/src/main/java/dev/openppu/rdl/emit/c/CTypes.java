package dev.openppu.rdl.emit.c;

import dev.openppu.rdl.emit.naming.BlockTypes;
import dev.openppu.rdl.emit.naming.BodyType;
import dev.openppu.rdl.emit.naming.NameScope;
import dev.openppu.rdl.model.EnumType;
import java.util.List;

/** The names of a header's types: structures of blocks, and enumerations. All begin with the map's name. */
final class CTypes {

    private final NameScope.Names<BodyType, Name> blocks;
    private final NameScope.Names<EnumType, Name> enums;

    /**
     * @param tag   what follows {@code struct} or {@code enum}
     * @param macro what the macros of the type begin with
     */
    record Name(String tag, String macro) {}

    private interface Natural<T> {
        Name of(T type, String number);
    }

    CTypes(String map, BlockTypes types, BodyType root) {
        String tag = CNames.cleaned(map);
        String macro = CNames.macro(map);
        NameScope scope = new NameScope(List.of());
        blocks = scope.assign(types.all(), naming((type, number) -> type == root
                ? new Name(tag + number + "_regs", macro + number)
                : new Name(tag + "_" + CNames.cleaned(type.block().typeName()) + number + "_regs",
                        macro + "_" + CNames.macro(type.block().typeName()) + number)));
        enums = scope.assign(types.enums(), naming((type, number) -> new Name(tag + "_" + CNames.cleaned(type.name()) + number,
                macro + "_" + CNames.macro(withoutSuffix(type.name())) + number)));
    }

    private static String withoutSuffix(String name) {
        return name.endsWith("_e") && name.length() > 2 ? name.substring(0, name.length() - 2) : name;
    }

    private static <T> NameScope.Naming<T, Name> naming(Natural<T> natural) {
        return new NameScope.Naming<>() {
            @Override
            public Name name(T type, int ordinal) {
                return natural.of(type, ordinal == 1 ? "" : "_" + ordinal);
            }

            @Override
            public List<String> claims(T type, Name name) {
                return List.of("tag " + name.tag, "macro " + name.macro);
            }
        };
    }

    Name of(BodyType type) {
        return blocks.of(type);
    }

    Name of(EnumType type) {
        return enums.of(type);
    }
}
