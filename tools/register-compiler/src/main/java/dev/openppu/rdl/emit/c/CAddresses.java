package dev.openppu.rdl.emit.c;

import dev.openppu.rdl.model.AddressMap;
import dev.openppu.rdl.model.Addressable;
import dev.openppu.rdl.model.ArrayShape;
import dev.openppu.rdl.model.Block;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Emits the addresses of everything in a map, as macros that take the indices of the arrays on the way. */
final class CAddresses {

    private final CWriter out;
    private final AddressMap map;
    private final String prefix;
    private final String suffix;

    CAddresses(CWriter out, AddressMap map, String prefix) {
        this.out = out;
        this.map = map;
        this.prefix = prefix;
        this.suffix = map.elementSize() >>> 32 == 0 ? "U" : "ULL";
    }

    void emit() throws IOException {
        out.line("");
        out.comment("", "Addresses, from the start of " + map.name() + ".");
        emit(map, prefix, 0, 0, List.of());
    }

    private void emit(Block block, String path, long base, int indices, List<String> terms) throws IOException {
        for (var child : block.children()) {
            if (child instanceof Addressable node) {
                emitNode(node, path + "_" + CNames.macro(node.name()), base + node.offset(), indices, terms);
            }
        }
    }

    private void emitNode(Addressable node, String path, long address, int indices, List<String> before) throws IOException {
        List<String> terms = before;
        int last = indices;
        if (node.array().isArray()) {
            terms = new ArrayList<>(before);
            terms.add(element(node.array(), indices) + " * " + number(node.array().stride()));
            last += node.array().dimensions().size();
        }
        String parameters = last == 0
                ? ""
                : IntStream.range(0, last).mapToObj(index -> "i" + index).collect(Collectors.joining(", ", "(", ")"));
        String sum = terms.isEmpty() ? number(address) : "(" + number(address) + " + " + String.join(" + ", terms) + ")";
        out.define(out.claim(path, "_ADDR") + "_ADDR" + parameters, sum);
        if (node instanceof Block block) {
            emit(block, path, address, last, terms);
        }
    }

    /** The number of the element that the indices from {@code first} on mean. */
    private String element(ArrayShape array, int first) {
        StringBuilder element = new StringBuilder("(i" + first + ")");
        for (int dimension = 1; dimension < array.dimensions().size(); dimension++) {
            element.insert(0, "(").append(" * ").append(number(array.dimensions().get(dimension))).append(" + (i").append(first + dimension)
                    .append("))");
        }
        return element.toString();
    }

    private String number(long value) {
        return "0x" + Long.toHexString(value) + suffix;
    }
}
