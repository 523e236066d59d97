package dev.openppu.rdl.model;

import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Takes the arrays of a map apart, one register at a time, so that a map of any size is walked without being held in memory. */
public final class Expansion {

    private Expansion() {}

    /**
     * Every register in {@code root}, arrays expanded and those laid over memories included. A block's registers come in the order
     * of their offsets; elements of interleaved arrays come array by array.
     */
    public static Stream<RegisterInstance> registers(AddressMap root) {
        return within(root, root.name(), root.offset());
    }

    /** Every register in {@code node}, one element that is called {@code path} and stands at {@code address}. */
    private static Stream<RegisterInstance> within(Addressable node, String path, long address) {
        return switch (node) {
            case Register register -> Stream.of(new RegisterInstance(path, address, register));
            case Block block -> block.children().stream().filter(Addressable.class::isInstance).map(Addressable.class::cast)
                    .flatMap(child -> elements(child, path + "." + child.name(), address + child.offset()));
        };
    }

    private static Stream<RegisterInstance> elements(Addressable node, String path, long address) {
        ArrayShape array = node.array();
        return LongStream.range(0, array.count()).boxed()
                .flatMap(element -> within(node, path + array.subscript(element), address + array.offset(element)));
    }
}
