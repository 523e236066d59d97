package dev.openppu.rdl.emit.java;

import dev.openppu.rdl.emit.naming.BlockTypes;
import dev.openppu.rdl.emit.naming.BodyType;
import dev.openppu.rdl.model.AddressMap;
import dev.openppu.rdl.model.Node;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Emits Java accessors: one final class for every block type, with a nested class of constants and bit arithmetic for every
 * register, and an enum for every enumeration. Accessors hold an {@code Mmio} and addresses that are computed once; reading and
 * writing a register is one access of exactly its access width and allocates nothing.
 */
public final class JavaEmitter {

    private final Target target;

    /** What all emitted files have in common. */
    record Target(String packageName, String enumPackage, View view, String source) {}

    /** From which side the accessors look at the registers. */
    public enum View {
        /** Software's, over the bus. */
        SOFTWARE,
        /** The hardware's own. */
        HARDWARE
    }

    /**
     * @param packageName the package of what is emitted
     * @param enumPackage the package of the enums; they are emitted only if it is the same
     * @param view        the side
     * @param source      what the header of each file says that it came from
     */
    public JavaEmitter(String packageName, String enumPackage, View view, String source) {
        this.target = new Target(packageName, enumPackage, view, source);
    }

    /**
     * Emits the accessors of {@code maps}.
     *
     * @return file name, such as {@code BootRegs.java}, to contents
     */
    public Map<String, String> emit(List<AddressMap> maps) {
        BlockTypes types = new BlockTypes(maps);
        JavaTypes names = new JavaTypes(types);
        Map<String, String> files = new LinkedHashMap<>();
        Set<BodyType> emitted = new HashSet<>();
        maps.forEach(map -> emitBlock(types.root(map), types, names, emitted, files));
        if (emitted.stream().anyMatch(JavaEmitter::hasWideRegister)) {
            files.put(WideFields.HELPER + ".java", WideFields.helper(target.packageName, target.source));
        }
        if (target.enumPackage.equals(target.packageName)) {
            names.enums()
                    .forEach((type, name) -> files.put(name + ".java", new JavaEnum(target.packageName, target.source).emit(type, name)));
        }
        files.put("package-info.java", packageInfo(maps));
        return files;
    }

    private void emitBlock(BodyType type, BlockTypes types, JavaTypes names, Set<BodyType> emitted, Map<String, String> files) {
        if (emitted.add(type)) {
            files.putAll(new JavaBlock(target, names, type, types.isRoot(type)).emit());
            type.members().forEach(member -> emitBlock(member.type(), types, names, emitted, files));
        }
    }

    private static boolean hasWideRegister(BodyType type) {
        return type.registers().stream().anyMatch(register -> register.width() > RegisterAccess.WORD);
    }

    private String packageInfo(List<AddressMap> maps) {
        String roots = maps.stream().map(Node::name).collect(Collectors.joining(" and "));
        CodeWriter out = new CodeWriter();
        out.javadoc("Register accessors of " + roots + ", generated from " + target.source + ": the "
                + (target.view == View.SOFTWARE ? "software's" : "hardware's") + " view.");
        return out.line("package %s;", target.packageName).toString();
    }
}
