package dev.openppu.rdl.emit.html;

import dev.openppu.rdl.model.AddressMap;
import java.io.IOException;
import java.io.Writer;

/**
 * Writes a map as a register reference: one HTML document that needs no network, no other file and, to be read, no script. Types are
 * described once however many instances there are, and arrays are not expanded: the document's script computes the paths and
 * addresses of elements. Everything that a description says is escaped, and the document's own policy lets no script run but the
 * one that it was written with.
 *
 * <p>Instances are safe for any number of threads.
 */
public final class HtmlEmitter {

    /** Writes the reference of {@code map}, to be stored as UTF-8. Leaves {@code out} open. */
    public void emit(AddressMap map, Writer out) throws IOException {
        Catalog catalog = new Catalog(map);
        Markup markup = new Markup(out);
        Page.write(out, part -> {
            switch (part) {
                case "title" -> markup.text(map.label());
                case "style" -> markup.raw(Page.style());
                case "script" -> markup.raw(Page.script());
                case "script-hash" -> markup.raw(Page.scriptHash());
                case "contents" -> writeContents(catalog, markup);
                case "reference" -> writeReference(catalog, markup);
                case "data" -> new Skeleton(out).write(catalog);
                default -> throw new IllegalStateException("no such part of the page: " + part);
            }
        });
    }

    private static void writeContents(Catalog catalog, Markup markup) throws IOException {
        for (BlockType block : catalog.blocks()) {
            markup.raw("<li><a href=#").raw(block.id()).raw(">").text(block.sample().name()).raw("</a>\n");
        }
    }

    private static void writeReference(Catalog catalog, Markup markup) throws IOException {
        BlockSection blocks = new BlockSection(markup);
        RegisterSection registers = new RegisterSection(markup);
        for (BlockType block : catalog.blocks()) {
            blocks.write(block);
            for (RegisterType register : block.described) {
                registers.write(register, block);
            }
        }
    }
}
