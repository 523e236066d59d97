package dev.openppu.rdl.emit.java;

import dev.openppu.rdl.model.AddressMap;
import dev.openppu.rdl.model.Block;
import dev.openppu.rdl.model.EnumType;
import dev.openppu.rdl.model.Field;
import dev.openppu.rdl.model.Memory;
import dev.openppu.rdl.model.Node;
import dev.openppu.rdl.model.Register;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Emits Java accessors: one final class for every block type, with a nested class of constants and bit arithmetic for every
 * register, and an enum for every enumeration. Accessors hold an {@code Mmio} and addresses that are computed once; reading and
 * writing a register is one access of exactly its access width and allocates nothing.
 */
public final class JavaEmitter {

    private final String packageName;
    private final String enumPackage;
    private final View view;
    private final String source;

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
        this.packageName = packageName;
        this.enumPackage = enumPackage;
        this.view = view;
        this.source = source;
    }

    /**
     * Emits the accessors of {@code maps}.
     *
     * @return file name, such as {@code BootRegs.java}, to contents
     */
    public Map<String, String> emit(List<AddressMap> maps) {
        TypeNames names = new TypeNames();
        maps.forEach(names::add);
        Map<String, String> files = new LinkedHashMap<>();
        for (AddressMap map : maps) {
            emitBlock(map, true, names, files);
        }
        if (enumPackage.equals(packageName)) {
            names.enums().forEach((type, name) -> files.put(name + ".java", new JavaEnum(packageName, source).emit(type, name)));
        }
        files.put("package-info.java", packageInfo(maps));
        return files;
    }

    private String packageInfo(List<AddressMap> maps) {
        CodeWriter out = new CodeWriter();
        List<String> roots = maps.stream().map(Node::name).toList();
        out.javadoc("Register accessors of " + String.join(" and ", roots) + ", generated from " + source + ": the "
                + (view == View.SOFTWARE ? "software's" : "hardware's") + " view.");
        out.line("package %s;", packageName);
        return out.toString();
    }

    private void emitBlock(Block block, boolean root, TypeNames names, Map<String, String> files) {
        String file = names.classOf(block) + ".java";
        if (!files.containsKey(file)) {
            files.put(file, new JavaBlock(packageName, enumPackage, view, source, names).emit(block, root));
        }
        block.blocks().filter(child -> !(child instanceof Memory)).forEach(child -> emitBlock(child, false, names, files));
    }

    /** The names of the classes that are emitted. Two types of one name and different contents get different names. */
    static final class TypeNames {

        private final Map<Contents, String> blocks = new LinkedHashMap<>();
        private final Map<EnumType, String> enums = new LinkedHashMap<>();

        private record Contents(String typeName, List<Node> children) {}

        private static Contents contents(Block block) {
            return new Contents(block.typeName(), block.children());
        }

        void add(Block block) {
            if (block instanceof Memory || blocks.containsKey(contents(block))) {
                return;
            }
            blocks.put(contents(block), free(JavaNames.upperCamel(block.typeName()) + "Regs", new ArrayList<>(blocks.values())));
            block.registers().forEach(this::addEnums);
            block.blocks().forEach(this::add);
        }

        private void addEnums(Register register) {
            for (Field field : register.fields()) {
                EnumType type = field.encode();
                if (type != null && !enums.containsKey(type)) {
                    enums.put(type, free(JavaNames.enumName(type.name()), new ArrayList<>(enums.values())));
                }
            }
        }

        private static String free(String wanted, List<String> taken) {
            String name = wanted;
            for (int i = 2; taken.contains(name); i++) {
                name = wanted + i;
            }
            return name;
        }

        String classOf(Block block) {
            return Objects.requireNonNull(blocks.get(contents(block)));
        }

        String classOf(EnumType type) {
            return Objects.requireNonNull(enums.get(type));
        }

        Map<EnumType, String> enums() {
            return enums;
        }
    }
}
