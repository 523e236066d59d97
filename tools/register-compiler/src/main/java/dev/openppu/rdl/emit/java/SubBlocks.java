package dev.openppu.rdl.emit.java;

import dev.openppu.rdl.emit.naming.BodyType;
import dev.openppu.rdl.model.Addressable;
import dev.openppu.rdl.model.Block;
import dev.openppu.rdl.model.Memory;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * Emits what a block's class has for the blocks in it. They are created with it; arrays of very many only when they are used, and
 * those of a size that could not be kept anew at each call.
 */
final class SubBlocks {

    private final JavaFile file;
    private final CodeWriter out;
    private final JavaTypes names;
    private final JavaMembers members;
    private final List<BodyType.Member> blocks;

    /** @param some the members of the block that are emitted here */
    SubBlocks(JavaFile file, JavaTypes names, BodyType type, List<Addressable> some) {
        this.file = file;
        this.out = file.body();
        this.names = names;
        this.members = names.membersOf(type);
        Set<Addressable> here = Collections.newSetFromMap(new IdentityHashMap<>());
        here.addAll(some);
        this.blocks = type.members().stream().filter(member -> here.contains(member.block())).toList();
    }

    private String typeOf(BodyType.Member member) {
        return names.of(member.type());
    }

    private JavaMembers.Stem stem(BodyType.Member member) {
        return members.of(member.block());
    }

    // ---- fields

    void emitFields() {
        for (BodyType.Member member : blocks) {
            String array = member.block().array().isArray() ? "[]" : "";
            switch (names.creationOf(member)) {
                case WITH_PARENT -> out.line("private final %s%s %s;", typeOf(member), array, stem(member).lower());
                case AT_FIRST_USE -> out.line("private %s@%s %s%s %s;", array.isEmpty() ? "" : "final ",
                        file.use("org.jspecify.annotations.Nullable"), typeOf(member), array, stem(member).lower());
                case AT_EACH_USE -> {
                }
            }
        }
    }

    // ---- construction

    void emitCreation() {
        for (BodyType.Member member : blocks) {
            Creation creation = names.creationOf(member);
            String field = "this." + stem(member).lower();
            String constant = stem(member).constant();
            boolean array = member.block().array().isArray();
            if (array && creation != Creation.AT_EACH_USE) {
                out.line("%s = new %s[%s_COUNT];", field, typeOf(member), constant);
            }
            if (array && creation == Creation.WITH_PARENT) {
                out.line("for (int i = 0; i < %s_COUNT; i++) {", constant);
                out.line("%s[i] = new %s(mmio, base + %3$s_OFFSET + i * %3$s_STRIDE);", field, typeOf(member), constant).line("}");
            } else if (creation == Creation.WITH_PARENT) {
                out.line("%s = new %s(mmio, base + %s_OFFSET);", field, typeOf(member), constant);
            }
        }
    }

    // ---- accessors

    void emitAccessors() {
        blocks.forEach(this::emitAccessor);
    }

    private void emitAccessor(BodyType.Member member) {
        Block block = member.block();
        JavaArray array = new JavaArray(block, stem(member).constant());
        Creation creation = names.creationOf(member);
        out.blank().javadoc(block.label() + (array.isArray() ? ", element i of " + block.array().count() : "") + ".",
                block instanceof Memory memory ? memory.entries() + " entries of " + memory.width() + " bits." : "", creation.remark());
        out.line("public %s %s(%s) {", typeOf(member), stem(member).lower(), array.parameters());
        String field = "this." + stem(member).lower();
        switch (creation) {
            case WITH_PARENT -> out.line("return %s;", array.isArray() ? field + "[" + array.element(file) + "]" : field);
            case AT_FIRST_USE -> emitFirstUse(member, array, field);
            case AT_EACH_USE -> out.line("return new %s(mmio, %s);", typeOf(member), array.address(file));
        }
        out.line("}");
    }

    /** Two threads may both create an element: elements are alike and immutable, either will do. */
    private void emitFirstUse(BodyType.Member member, JavaArray array, String field) {
        String place = field;
        if (array.isArray()) {
            out.line("int element = %s;", array.element(file));
            place = field + "[element]";
        }
        String constant = stem(member).constant();
        String address = "base + " + constant + "_OFFSET" + (array.isArray() ? " + element * " + constant + "_STRIDE" : "");
        out.line("%s kept = %s;", typeOf(member), place).line("if (kept == null) {");
        out.line("kept = new %s(mmio, %s);", typeOf(member), address).line("%s = kept;", place).line("}").line("return kept;");
    }
}
