package dev.openppu.rdl.emit.c;

import dev.openppu.rdl.emit.naming.BodyType;
import dev.openppu.rdl.emit.naming.NameScope;
import dev.openppu.rdl.model.Addressable;
import dev.openppu.rdl.model.Block;
import dev.openppu.rdl.model.Memory;
import dev.openppu.rdl.model.Register;
import java.io.IOException;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Emits the structures that are laid over blocks. What is between members is named; members that begin at one address share a
 * union; a member that lies within another, or that C would align elsewhere, is left out, and a comment says so.
 */
final class CStructs {

    /** Larger structures are for machines with larger pointers only. */
    private static final long LARGEST_OF_32_BITS = Integer.MAX_VALUE;
    /** What no compiler takes. */
    private static final long LARGEST = 1L << 61;

    private final CWriter out;
    private final CTypes names;
    private final String prefix;
    private final Map<BodyType, Extent> known = new HashMap<>();

    /**
     * What C makes of a structure.
     *
     * @param size      {@code sizeof}
     * @param alignment what its address is a multiple of
     */
    record Extent(long size, int alignment) {
        boolean exists() {
            return size <= LARGEST;
        }
    }

    CStructs(CWriter out, CTypes names, String prefix) {
        this.out = out;
        this.names = names;
        this.prefix = prefix;
    }

    /**
     * Emits the structure of {@code type}; those of the blocks in it are there.
     *
     * @param stems what the macros of each member begin with
     */
    void emit(BodyType type, Map<Addressable, String> stems) throws IOException {
        CLayout layout = layout(type);
        Extent extent = new Extent(layout.size(), layout.alignment());
        known.put(type, extent);
        if (type.block() instanceof Memory && type.addressable().isEmpty()) {
            return;
        }
        String tag = names.of(type).tag();
        out.line("");
        if (!extent.exists()) {
            out.comment("", "No structure: " + tag + " would be larger than C allows. The macros remain.");
            return;
        }
        boolean large = extent.size() > LARGEST_OF_32_BITS;
        if (large) {
            out.line("#if UINTPTR_MAX > 0xffffffffU");
        }
        out.line("struct " + tag + " {");
        for (CLayout.Slot slot : layout.slots()) {
            emit(slot);
        }
        out.line("};");
        for (CMember.Placed member : layout.members()) {
            emitAssertions(tag, member, Objects.requireNonNull(stems.get(member.node())));
        }
        check("sizeof(struct " + tag + ") == " + CWriter.hex(extent.size()), tag);
        if (large) {
            out.line("#endif");
        }
    }

    private CLayout layout(BodyType type) {
        List<Addressable> nodes = type.addressable();
        NameScope.Names<Addressable, String> members = new NameScope(List.of()).assign(nodes, new MemberNaming());
        Map<Block, BodyType> inner = new IdentityHashMap<>();
        type.members().forEach(member -> inner.put(member.block(), member.type()));
        CLayout layout = new CLayout(nodes.stream().map(members::of).toList());
        for (Addressable node : nodes) {
            layout.add(switch (node) {
                case Register register -> CDeclarations.declare(register, members.of(node));
                case Block block -> declare(block, Objects.requireNonNull(inner.get(block)), members.of(node));
            });
        }
        layout.finish(Math.min(type.block().elementSize(), LARGEST + 1));
        return layout;
    }

    private CMember declare(Block block, BodyType type, String name) {
        return CDeclarations.declare(block, type, name, names.of(type).tag(), Objects.requireNonNull(known.get(type)));
    }

    private final class MemberNaming implements NameScope.Naming<Addressable, String> {
        @Override
        public String name(Addressable member, int ordinal) {
            String name = CNames.identifier(member.name()) + (ordinal == 1 ? "" : "_" + ordinal);
            return name.startsWith(prefix + "_") ? name + "_" : name;
        }

        @Override
        public List<String> claims(Addressable member, String name) {
            return List.of(name);
        }
    }

    private void emit(CLayout.Slot slot) throws IOException {
        switch (slot) {
            case CLayout.Gap(String name, long size) -> out.line("    uint8_t " + name + "[" + CWriter.hex(size) + "];");
            case CLayout.Missing(CMember.LeftOut(Addressable node, String name, String reason)) ->
                out.comment("    ", name + " at " + CWriter.hex(node.offset()) + " is left out: " + reason + ". Its macros remain.");
            case CLayout.Group(long offset, List<CMember.Placed> members) when members.size() == 1 ->
                emit("    ", members.getFirst());
            case CLayout.Group(long offset, List<CMember.Placed> members) -> {
                out.line("    union {");
                for (CMember.Placed member : members) {
                    emit("        ", member);
                }
                out.line("    };");
            }
        }
    }

    private void emit(String indent, CMember.Placed member) throws IOException {
        for (String line : member.declaration()) {
            out.line(indent + line);
        }
    }

    private void emitAssertions(String tag, CMember.Placed member, String stem) throws IOException {
        check("offsetof(struct " + tag + ", " + member.name() + ") == " + stem + "_OFFSET", member.name());
        if (member.node().array().isArray()) {
            String element = "[0]".repeat(member.node().array().dimensions().size());
            check("sizeof(((struct " + tag + " *)0)->" + member.name() + element + ") == " + stem + "_STRIDE", member.name());
        }
    }

    private void check(String condition, String text) throws IOException {
        out.line(prefix + "_STATIC_ASSERT(" + condition + ", \"" + text + "\");");
    }
}
