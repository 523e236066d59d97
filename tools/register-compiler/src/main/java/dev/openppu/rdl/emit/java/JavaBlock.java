package dev.openppu.rdl.emit.java;

import dev.openppu.rdl.emit.naming.BodyType;
import dev.openppu.rdl.model.Addressable;
import dev.openppu.rdl.model.Block;
import dev.openppu.rdl.model.Memory;
import dev.openppu.rdl.model.Register;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Emits the accessor class of one block type. A class file has room for about 65,000 names and numbers: a block of very many
 * members becomes a chain of classes, each extending the one before, of which users need to name the last only.
 */
final class JavaBlock {

    /** Members of one class; a member needs about twelve names and numbers, and a block in it 60 bytes of the constructor's 64 KB. */
    private static final int MOST_MEMBERS = 1000;

    private final JavaEmitter.Target target;
    private final JavaTypes names;
    private final BodyType type;
    private final JavaMembers members;
    private final String className;
    private final boolean root;

    JavaBlock(JavaEmitter.Target target, JavaTypes names, BodyType type, boolean root) {
        this.target = target;
        this.names = names;
        this.type = type;
        this.members = names.membersOf(type);
        this.className = names.of(type);
        this.root = root;
    }

    /** File name to contents. */
    Map<String, String> emit() {
        List<Addressable> all = type.addressable();
        int parts = Math.max(1, (all.size() + MOST_MEMBERS - 1) / MOST_MEMBERS);
        Map<String, String> files = new LinkedHashMap<>();
        for (int part = parts; part >= 1; part--) {
            List<Addressable> some = all.subList((part - 1) * MOST_MEMBERS, Math.min(part * MOST_MEMBERS, all.size()));
            Part shape = new Part(part, parts);
            files.put(shape.name() + ".java", emit(shape, some));
        }
        return files;
    }

    /** One class of the chain. */
    private final class Part {
        private final int number;
        private final int count;

        Part(int number, int count) {
            this.number = number;
            this.count = count;
        }

        boolean isFirst() {
            return number == 1;
        }

        boolean isLast() {
            return number == count;
        }

        String name() {
            return nameOf(number);
        }

        String above() {
            return nameOf(number - 1);
        }

        private String nameOf(int part) {
            return part == count ? className : className + "Part" + part;
        }
    }

    private String emit(Part part, List<Addressable> some) {
        Block block = type.block();
        JavaFile file = new JavaFile(target.packageName(), target.source());
        CodeWriter out = file.body();
        SubBlocks blocks = new SubBlocks(file, names, type, some);
        out.javadoc((part.isLast() ? "" : "More of: ") + block.label() + ".", Objects.requireNonNullElse(block.description(), ""),
                target.view() == JavaEmitter.View.SOFTWARE ? "" : "The hardware's side of it.");
        out.line("public %s class %s%s {", part.isLast() ? "final" : "abstract", part.name(),
                part.isFirst() ? "" : " extends " + part.above());
        if (part.isLast()) {
            out.blank().javadoc("Bytes of the block.");
            out.line("public static final long SIZE = %s;", JavaArray.hex(block.elementSize()));
        }
        MemoryEntries entries = new MemoryEntries(file, target.view());
        if (part.isLast() && block instanceof Memory memory) {
            entries.emitConstants(memory);
        }
        some.forEach(member -> new JavaArray(member, members.of(member).constant()).emitConstants(out));
        emitFields(file, part, blocks);
        emitConstructors(file, part, blocks);
        emitWhole(out, part);
        if (part.isLast() && block instanceof Memory memory) {
            entries.emitAccessors(memory);
        }
        blocks.emitAccessors();
        emitRegisters(file, some.stream().filter(Register.class::isInstance).map(Register.class::cast).toList());
        out.line("}");
        return file.toString();
    }

    private void emitFields(JavaFile file, Part part, SubBlocks blocks) {
        CodeWriter out = file.body().blank();
        if (part.isFirst()) {
            String visibility = part.isLast() ? "private " : "";
            out.line("%sfinal %s mmio;", visibility, file.use("dev.openppu.hal.mmio.Mmio")).line("%sfinal long base;", visibility);
        }
        blocks.emitFields();
    }

    private void emitConstructors(JavaFile file, Part part, SubBlocks blocks) {
        CodeWriter out = file.body();
        String mmio = file.use("dev.openppu.hal.mmio.Mmio");
        if (root && part.isLast()) {
            out.blank().javadoc("The whole map, from the window's first byte on.");
            out.line("public %s(%s mmio) {", className, mmio).line("this(mmio, 0);").line("}");
        }
        out.blank();
        if (part.isLast()) {
            out.javadoc("The block at byte base of the window.");
        }
        out.line("%s%s(%s mmio, long base) {", part.isLast() ? "public " : "", part.name(), mmio);
        if (part.isFirst()) {
            out.line("this.mmio = mmio;").line("this.base = base;");
        } else {
            out.line("super(mmio, base);");
        }
        blocks.emitCreation();
        out.line("}");
    }

    private void emitWhole(CodeWriter out, Part part) {
        if (part.isFirst()) {
            out.blank().javadoc("The window that the accesses go through.");
            out.line("public %sMmio mmio() {", part.isLast() ? "" : "final ").line("return mmio;").line("}");
            out.blank().javadoc("Bytes from the window's first to this block's first.");
            out.line("public %slong base() {", part.isLast() ? "" : "final ").line("return base;").line("}");
        }
        if (part.isLast()) {
            out.blank().line("@Override").line("public String toString() {");
            out.line("return \"%s@0x\" + Long.toHexString(base);", className).line("}");
        }
    }

    private void emitRegisters(JavaFile file, List<Register> registers) {
        RegisterAccess access = new RegisterAccess(file, target.view(), type.bigEndian());
        registers.forEach(register -> access.emit(register, members.of(register)));
        Set<String> nested = type.registers().stream().map(register -> members.of(register).type()).collect(Collectors.toSet());
        RegisterFields fields = new RegisterFields(file, encode -> enumName(names.of(encode), JavaEnum.isEnum(encode), nested));
        registers.forEach(register -> fields.emit(register, members.of(register).type()));
    }

    /** The enum's simple name, unless a register's class or another package makes it ambiguous; null for what is no enum. */
    private @Nullable String enumName(String name, boolean isEnum, Set<String> nested) {
        if (!isEnum) {
            return null;
        }
        boolean visible = target.enumPackage().equals(target.packageName()) && !nested.contains(name);
        return visible ? name : target.enumPackage() + "." + name;
    }
}
