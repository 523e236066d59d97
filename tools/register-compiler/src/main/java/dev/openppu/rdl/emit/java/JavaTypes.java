package dev.openppu.rdl.emit.java;

import dev.openppu.rdl.emit.naming.BlockTypes;
import dev.openppu.rdl.emit.naming.BodyType;
import dev.openppu.rdl.emit.naming.NameScope;
import dev.openppu.rdl.model.EnumType;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** The names of the classes that are emitted: the same, whichever side looks at the registers. */
final class JavaTypes {

    private final NameScope.Names<BodyType, String> blocks;
    private final Map<EnumType, String> enums = new LinkedHashMap<>();
    private final Map<BodyType, JavaMembers> members = new HashMap<>();
    private final Map<BodyType, Long> objects = new HashMap<>();

    JavaTypes(BlockTypes types) {
        NameScope scope = new NameScope(List.of("package-info"));
        blocks = scope.assign(types.all(), naming(type -> JavaNames.type(JavaNames.upperCamel(type.block().typeName()) + "Regs")));
        NameScope.Names<EnumType, String> names = scope.assign(types.enums(), naming(type -> JavaNames.enumName(type.name())));
        types.enums().forEach(type -> enums.put(type, names.of(type)));
        types.all().forEach(type -> objects.put(type, objectsWith(type)));
        Set<String> classes = types.all().stream().map(type -> JavaNames.fold(blocks.of(type))).collect(Collectors.toSet());
        types.all().forEach(type -> members.put(type, new JavaMembers(type, classes)));
    }

    private interface Natural<T> {
        String of(T type);
    }

    private static <T> NameScope.Naming<T, String> naming(Natural<T> natural) {
        return new NameScope.Naming<>() {
            @Override
            public String name(T type, int ordinal) {
                return natural.of(type) + (ordinal == 1 ? "" : ordinal);
            }

            @Override
            public List<String> claims(T type, String name) {
                return List.of(JavaNames.fold(name));
            }
        };
    }

    String of(BodyType type) {
        return blocks.of(type);
    }

    String of(EnumType type) {
        return Objects.requireNonNull(enums.get(type));
    }

    JavaMembers membersOf(BodyType type) {
        return Objects.requireNonNull(members.get(type));
    }

    /** When the objects of {@code member} are created. */
    Creation creationOf(BodyType.Member member) {
        return Creation.of(member.block().array().count(), Objects.requireNonNull(objects.get(member.type())));
    }

    /** Objects that are created with one of {@code type}, itself included. */
    private long objectsWith(BodyType type) {
        return 1 + type.members().stream().filter(member -> creationOf(member) == Creation.WITH_PARENT)
                .mapToLong(member -> member.block().array().count() * Objects.requireNonNull(objects.get(member.type()))).sum();
    }

    Map<EnumType, String> enums() {
        return enums;
    }
}
