package dev.openppu.rdl.emit.text;

import dev.openppu.rdl.model.AddressMap;
import dev.openppu.rdl.model.Addressable;
import dev.openppu.rdl.model.Block;
import dev.openppu.rdl.model.Field;
import dev.openppu.rdl.model.Memory;
import dev.openppu.rdl.model.Node;
import dev.openppu.rdl.model.OnRead;
import dev.openppu.rdl.model.OnWrite;
import dev.openppu.rdl.model.Register;
import dev.openppu.rdl.model.RegisterFile;
import dev.openppu.rdl.model.Value;
import java.io.IOException;
import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Goes through a map and makes a row of every node on the way; arrays stay one row. */
final class TreeWalk {

    private static final Pattern BLANKS_AND_CONTROLS = Pattern.compile("[\\s\\p{Cntrl}]+");

    private final AddressMap root;
    private final int depth;
    private final boolean fields;
    private final int digits;

    /** Takes rows. */
    interface Rows {
        void add(TreeRow row) throws IOException;
    }

    TreeWalk(AddressMap root, int depth, boolean fields) {
        this.root = root;
        this.depth = depth;
        this.fields = fields;
        this.digits = Long.toHexString(Math.max(0, root.offset() + root.totalSize() - 1)).length();
    }

    void run(Rows rows) throws IOException {
        rows.add(TreeRow.HEADING);
        rows.add(row(root, root.offset(), ""));
        walk(root, root.offset(), "", 1, rows);
    }

    private void walk(Addressable parent, long base, String branches, int level, Rows rows) throws IOException {
        List<? extends Node> below = level > depth ? List.of() : below(parent);
        for (Node node : below) {
            boolean last = node == below.getLast();
            String name = branches + (last ? "└─ " : "├─ ");
            switch (node) {
                case Addressable addressable -> {
                    long address = base + addressable.offset();
                    rows.add(row(addressable, address, name));
                    walk(addressable, address, branches + (last ? "   " : "│  "), level + 1, rows);
                }
                case Field field -> rows.add(row(field, name));
                default -> throw new IllegalStateException("not in a tree: " + node);
            }
        }
    }

    private List<? extends Node> below(Addressable parent) {
        return switch (parent) {
            case Block block -> block.children().stream().filter(Addressable.class::isInstance).toList();
            case Register register -> fields ? register.fields().reversed() : List.of();
        };
    }

    private TreeRow row(Addressable node, long address, String branches) {
        String name = branches + node.name() + shape(node);
        String at = "0x" + ("0".repeat(digits) + Long.toHexString(address)).substring(Long.toHexString(address).length());
        String size = "0x" + Long.toHexString(node.elementSize());
        return switch (node) {
            case AddressMap map -> new TreeRow(at, name, "addrmap", size, "", "", note(node));
            case RegisterFile file -> new TreeRow(at, name, "regfile", size, "", "", note(node));
            case Memory memory -> new TreeRow(at, name, "mem", size, memory.sw().name().toLowerCase(Locale.ROOT), "", note(node));
            case Register register ->
                new TreeRow(at, name, "reg " + register.width(), size, access(register), reset(register), note(node));
        };
    }

    private static String shape(Addressable node) {
        if (!node.array().isArray()) {
            return "";
        }
        String dimensions = node.array().dimensions().stream().map(n -> "[" + n + "]").collect(Collectors.joining());
        return dimensions + " += 0x" + Long.toHexString(node.array().stride());
    }

    private static String access(Register register) {
        String access = (register.isReadable() ? "r" : "") + (register.isWritable() ? "w" : "");
        return access.isEmpty() ? "na" : access;
    }

    private static String reset(Register register) {
        boolean any = register.fields().stream().anyMatch(field -> field.reset() != null);
        return any ? hex(register.reset(), register.width()) : "";
    }

    private static String hex(BigInteger value, int bits) {
        String digits = value.toString(16);
        return "0x" + "0".repeat(Math.max(0, (bits + 3) / 4 - digits.length())) + digits;
    }

    private static String note(Addressable node) {
        return joined(node.typeName().equals(node.name()) ? null : node.typeName(), label(node), switch (node) {
            case Memory memory -> memory.entries() + " x " + memory.width() + " bits";
            case Register register when register.accessWidth() < register.width() -> "accessed by " + register.accessWidth();
            default -> null;
        }, node.properties().get("alias") instanceof Value.Reference of ? "alias of " + of : null,
                node.placement().external() ? "external" : null);
    }

    private static TreeRow row(Field field, String branches) {
        String access = field.sw().name().toLowerCase(Locale.ROOT) + ", hw " + field.hw().name().toLowerCase(Locale.ROOT);
        BigInteger reset = field.reset();
        return new TreeRow(bits(field), branches + field.name(), "field", "", access,
                reset == null ? "" : hex(reset, field.width()), note(field));
    }

    private static String bits(Field field) {
        if (field.width() == 1) {
            return "[" + field.low() + "]";
        }
        return field.msb0() ? "[" + field.low() + ":" + field.high() + "]" : "[" + field.high() + ":" + field.low() + "]";
    }

    private static String note(Field field) {
        var encode = field.encode();
        return joined(encode == null ? null : encode.name(), label(field),
                field.onRead() == OnRead.NONE ? null : field.onRead().name().toLowerCase(Locale.ROOT),
                field.onWrite() == OnWrite.NONE ? null : field.onWrite().name().toLowerCase(Locale.ROOT),
                field.isSinglePulse() ? "singlepulse" : null, field.isCounter() ? "counter" : null,
                field.isInterrupt() ? "interrupt" : null);
    }

    private static @Nullable String label(Node node) {
        String name = node.properties().text("name");
        return name == null ? null : '"' + BLANKS_AND_CONTROLS.matcher(name).replaceAll(" ").strip() + '"';
    }

    private static String joined(@Nullable String... parts) {
        return Stream.of(parts).filter(part -> part != null && !part.isEmpty()).collect(Collectors.joining(", "));
    }
}
