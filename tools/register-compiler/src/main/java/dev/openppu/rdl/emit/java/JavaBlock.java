package dev.openppu.rdl.emit.java;

import dev.openppu.rdl.model.Addressable;
import dev.openppu.rdl.model.Block;
import dev.openppu.rdl.model.EnumType;
import dev.openppu.rdl.model.Field;
import dev.openppu.rdl.model.Memory;
import dev.openppu.rdl.model.Register;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Emits the accessor class of one block type. */
final class JavaBlock {

    private final String packageName;
    private final String enumPackage;
    private final JavaEmitter.View view;
    private final String source;
    private final JavaEmitter.TypeNames names;
    private final CodeWriter out = new CodeWriter();

    JavaBlock(String packageName, String enumPackage, JavaEmitter.View view, String source, JavaEmitter.TypeNames names) {
        this.packageName = packageName;
        this.enumPackage = enumPackage;
        this.view = view;
        this.source = source;
        this.names = names;
    }

    String emit(Block block, boolean root) {
        String className = names.classOf(block);
        out.line("// Generated from %s by the register compiler.", source).line("package %s;", packageName).blank();
        emitImports(block);
        out.javadoc(block.label() + ".", Objects.requireNonNullElse(block.description(), ""),
                view == JavaEmitter.View.SOFTWARE ? "" : "The hardware's side of it.");
        out.line("public final class %s {", className).blank();
        out.javadoc("Bytes of the block.");
        out.line("public static final long SIZE = %s;", hex(block.elementSize()));
        List<Addressable> children = addressable(block);
        children.forEach(this::emitPlace);
        out.blank().line("private final Mmio mmio;").line("private final long base;");
        subBlocks(block).forEach(child -> out.line("private final %s%s %s;", typeOf(child), child.array().isArray() ? "[]" : "",
                JavaNames.lowerCamel(child.name())));
        emitConstructors(block, className, root);
        emitWhole(className);
        subBlocks(block).forEach(this::emitSubBlock);
        List<Register> registers = block.registers().toList();
        for (Register register : registers) {
            new JavaRegister(out, view, className).emitAccess(register);
        }
        for (Register register : registers) {
            new JavaRegister(out, view, className).emitConstants(register, type -> enumName(type, registers));
        }
        return out.line("}").toString();
    }

    private static List<Addressable> addressable(Block block) {
        return block.children().stream().filter(Addressable.class::isInstance).map(Addressable.class::cast).toList();
    }

    private static List<Block> subBlocks(Block block) {
        return block.blocks().toList();
    }

    private void emitImports(Block block) {
        out.line("import dev.openppu.hal.mmio.Mmio;");
        if (addressable(block).stream().anyMatch(child -> child.array().isArray())) {
            out.line("import java.util.Objects;");
        }
        out.blank();
    }

    /** The enum's simple name, unless a register's class or another package makes it ambiguous. */
    private String enumName(EnumType type, List<Register> registers) {
        String name = names.classOf(type);
        boolean hidden = registers.stream().anyMatch(register -> JavaNames.upperCamel(register.name()).equals(name));
        return hidden || !enumPackage.equals(packageName) ? enumPackage + "." + name : name;
    }

    private void emitPlace(Addressable child) {
        String constant = JavaNames.constant(child.name());
        out.blank().javadoc("Bytes from the start of the block to " + child.name() + (child.array().isArray() ? "'s first element." : "."));
        out.line("public static final long %s_OFFSET = %s;", constant, hex(child.offset()));
        if (child.array().isArray()) {
            out.blank().javadoc("Bytes from one element of " + child.name() + " to the next.");
            out.line("public static final long %s_STRIDE = %s;", constant, hex(child.array().stride()));
            out.blank().javadoc("Elements of " + child.name() + ".");
            out.line("public static final int %s_COUNT = %d;", constant, child.array().count());
        }
    }

    private String typeOf(Block child) {
        return child instanceof Memory ? "Mmio" : names.classOf(child);
    }

    // ---- construction

    private void emitConstructors(Block block, String className, boolean root) {
        if (root) {
            out.blank().javadoc("The whole map, from the window's first byte on.");
            out.line("public %s(Mmio mmio) {", className).line("this(mmio, 0);").line("}");
        }
        out.blank().javadoc("The block at byte " + "base of the window.");
        out.line("public %s(Mmio mmio, long base) {", className).line("this.mmio = mmio;").line("this.base = base;");
        for (Block child : subBlocks(block)) {
            String field = JavaNames.lowerCamel(child.name());
            String constant = JavaNames.constant(child.name());
            if (child.array().isArray()) {
                out.line("this.%s = new %s[%s_COUNT];", field, typeOf(child), constant);
                out.line("for (int i = 0; i < %s_COUNT; i++) {", constant);
                out.line("this.%s[i] = %s;", field, create(child, "base + %1$s_OFFSET + i * %1$s_STRIDE".formatted(constant)));
                out.line("}");
            } else {
                out.line("this.%s = %s;", field, create(child, "base + " + constant + "_OFFSET"));
            }
        }
        out.line("}");
    }

    private String create(Block child, String address) {
        return child instanceof Memory
                ? "mmio.slice(%s, %s)".formatted(address, hex(child.elementSize()))
                : "new %s(mmio, %s)".formatted(typeOf(child), address);
    }

    private void emitWhole(String className) {
        out.blank().javadoc("The window that the accesses go through.");
        out.line("public Mmio mmio() {").line("return mmio;").line("}");
        out.blank().javadoc("Bytes from the window's first to this block's first.");
        out.line("public long base() {").line("return base;").line("}");
        out.blank().line("@Override").line("public String toString() {");
        out.line("return \"%s@0x\" + Long.toHexString(base);", className).line("}");
    }

    private void emitSubBlock(Block child) {
        String method = JavaNames.lowerCamel(child.name());
        out.blank().javadoc(child.label() + (child.array().isArray() ? ", element i of " + child.array().count() : "") + ".",
                child instanceof Memory memory ? memory.entries() + " entries of " + memory.width() + " bits." : "");
        if (!child.array().isArray()) {
            out.line("public %s %s() {", typeOf(child), method).line("return %s;", method).line("}");
            return;
        }
        out.line("public %s %s(%s) {", typeOf(child), method, indexParameters(child));
        out.line("return %s[%s];", method, checkedIndex(child)).line("}");
    }

    static String indexParameters(Addressable node) {
        int dimensions = node.array().dimensions().size();
        return dimensions == 1
                ? "int i"
                : IntStream.range(0, dimensions).mapToObj(d -> "int i" + d).collect(Collectors.joining(", "));
    }

    /** The element's number, each index checked against its dimension. */
    static String checkedIndex(Addressable node) {
        List<Long> dimensions = node.array().dimensions();
        if (dimensions.size() == 1) {
            return "Objects.checkIndex(i, %s_COUNT)".formatted(JavaNames.constant(node.name()));
        }
        List<String> terms = new ArrayList<>();
        for (int d = 0; d < dimensions.size(); d++) {
            long inner = dimensions.subList(d + 1, dimensions.size()).stream().reduce(1L, (a, b) -> a * b);
            terms.add("Objects.checkIndex(i%d, %d)%s".formatted(d, dimensions.get(d), inner == 1 ? "" : " * " + inner));
        }
        return String.join(" + ", terms);
    }

    static String hex(long value) {
        return "0x" + Long.toHexString(value) + "L";
    }

    static boolean canRead(Register register, JavaEmitter.View view) {
        return view == JavaEmitter.View.HARDWARE || register.isReadable();
    }

    static boolean canWrite(Register register, JavaEmitter.View view) {
        return view == JavaEmitter.View.SOFTWARE
                ? register.isWritable()
                : register.fields().stream().anyMatch(JavaBlock::hardwareCanWrite);
    }

    private static boolean hardwareCanWrite(Field field) {
        return field.hw().canWrite();
    }
}
