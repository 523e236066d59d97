package dev.openppu.rdl;

import dev.openppu.rdl.emit.rdl.RoundTrip;
import dev.openppu.rdl.model.AddressMap;
import dev.openppu.rdl.model.Block;
import dev.openppu.rdl.model.Field;
import dev.openppu.rdl.model.Node;
import dev.openppu.rdl.model.Register;
import java.util.List;

/** Descriptions for tests, from text. */
public final class Rdl {

    private Rdl() {}

    /** Compiles {@code text}, which must be accepted, to its first address map. What is accepted also survives being emitted again. */
    public static AddressMap map(String text) {
        Compilation compilation = new RdlCompiler().add("test.rdl", text).compile();
        if (!compilation.succeeded()) {
            throw new AssertionError(compilation.diagnostics().toString());
        }
        compilation.maps().values().forEach(RoundTrip::check);
        return compilation.maps().values().iterator().next();
    }

    /** The map {@code addrmap top { body };}. */
    public static AddressMap top(String body) {
        return map("addrmap top { " + body + " };");
    }

    /** What the compiler says about {@code text}, one message a line. */
    public static List<String> messages(String text) {
        return new RdlCompiler().add("test.rdl", text).compile().diagnostics().stream().map(Object::toString).toList();
    }

    /** The node at a dotted path. */
    public static Node node(Block from, String path) {
        Node node = from;
        for (String name : path.split("\\.", -1)) {
            node = node instanceof Register register
                    ? register.field(name).orElseThrow(() -> new AssertionError("no field " + path))
                    : ((Block) node).child(name).orElseThrow(() -> new AssertionError("no node " + path));
        }
        return node;
    }

    /** The field at a dotted path. */
    public static Field field(Block from, String path) {
        return (Field) node(from, path);
    }

    /** The register at a dotted path. */
    public static Register register(Block from, String path) {
        return (Register) node(from, path);
    }
}
