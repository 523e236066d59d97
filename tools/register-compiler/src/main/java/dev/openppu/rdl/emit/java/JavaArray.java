package dev.openppu.rdl.emit.java;

import dev.openppu.rdl.model.Addressable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** How emitted code takes the indices of an array and finds an element's address. */
final class JavaArray {

    private final Addressable node;
    private final String constant;

    /** @param constant what the constants of {@code node} begin with */
    JavaArray(Addressable node, String constant) {
        this.node = node;
        this.constant = constant;
    }

    boolean isArray() {
        return node.array().isArray();
    }

    /** The type of indices: {@code int}, unless there are too many elements. */
    String indexType() {
        return node.array().count() > Integer.MAX_VALUE ? "long" : "int";
    }

    /** {@code int i} or {@code int i0, int i1}, or nothing. */
    String parameters() {
        return indices().stream().map(index -> indexType() + " " + index).collect(Collectors.joining(", "));
    }

    /** {@code i} or {@code i0, i1}, or nothing. */
    String arguments() {
        return String.join(", ", indices());
    }

    private List<String> indices() {
        int dimensions = node.array().dimensions().size();
        return dimensions == 1 ? List.of("i") : IntStream.range(0, dimensions).mapToObj(dimension -> "i" + dimension).toList();
    }

    /** The element's number, each index checked against its dimension. */
    String element(JavaFile file) {
        List<Long> dimensions = node.array().dimensions();
        if (dimensions.size() == 1) {
            return file.checkIndex("i", constant + "_COUNT");
        }
        List<String> terms = new ArrayList<>();
        long inner = node.array().count();
        for (int d = 0; d < dimensions.size(); d++) {
            inner /= dimensions.get(d);
            String checked = file.checkIndex("i" + d, literal(dimensions.get(d)));
            terms.add(checked + (inner == 1 ? "" : " * " + literal(inner)));
        }
        return String.join(" + ", terms);
    }

    private String literal(long number) {
        return number > Integer.MAX_VALUE ? number + "L" : Long.toString(number);
    }

    /** The address of the element that the indices mean, or of the only one. */
    String address(JavaFile file) {
        String address = "base + " + constant + "_OFFSET";
        if (!isArray()) {
            return address;
        }
        String element = element(file);
        return address + " + " + (node.array().dimensions().size() == 1 ? element : "(" + element + ")") + " * " + constant + "_STRIDE";
    }

    /** The constants of the node's place. */
    void emitConstants(CodeWriter out) {
        out.blank().javadoc("Bytes from the start of the block to " + node.name() + (isArray() ? "'s first element." : "."));
        out.line("public static final long %s_OFFSET = %s;", constant, hex(node.offset()));
        if (isArray()) {
            out.blank().javadoc("Bytes from one element of " + node.name() + " to the next.");
            out.line("public static final long %s_STRIDE = %s;", constant, hex(node.array().stride()));
            out.blank().javadoc("Elements of " + node.name() + ".");
            out.line("public static final %s %s_COUNT = %s;", indexType(), constant, literal(node.array().count()));
        }
    }

    static String hex(long value) {
        return "0x" + Long.toHexString(value) + "L";
    }
}
