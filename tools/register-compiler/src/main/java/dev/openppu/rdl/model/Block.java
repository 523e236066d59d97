package dev.openppu.rdl.model;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** An addressable node that has addressable nodes in it. */
public sealed interface Block extends Addressable permits AddressMap, RegisterFile, Memory {

    /** Everything instantiated in it; addressable nodes come in ascending order of their offsets. */
    List<Node> children();

    /** The child that is called {@code name}. */
    default Optional<Node> child(String name) {
        return children().stream().filter(child -> child.name().equals(name)).findFirst();
    }

    /** The registers directly in it. */
    default Stream<Register> registers() {
        return children().stream().filter(Register.class::isInstance).map(Register.class::cast);
    }

    /** The blocks directly in it. */
    default Stream<Block> blocks() {
        return children().stream().filter(Block.class::isInstance).map(Block.class::cast);
    }

    /** The signals directly in it. */
    default Stream<Signal> signals() {
        return children().stream().filter(Signal.class::isInstance).map(Signal.class::cast);
    }
}
