package dev.openppu.rdl.emit.html;

import dev.openppu.rdl.model.AddressMap;
import dev.openppu.rdl.model.Addressable;
import dev.openppu.rdl.model.Block;
import dev.openppu.rdl.model.Memory;
import dev.openppu.rdl.model.Register;
import dev.openppu.rdl.model.RegisterFile;
import dev.openppu.rdl.model.Signal;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** Writes the chapters that describe blocks: where they stand, what is in them. */
final class BlockSection {

    private static final int LISTED = 8;

    private final Markup out;

    BlockSection(Markup out) {
        this.out = out;
    }

    void write(BlockType type) throws IOException {
        Block block = type.sample();
        out.raw("<noscript").attribute("id", type.id()).raw("><section class=block><h2>").text(block.name()).raw("</h2>");
        if (block.properties().has("name")) {
            out.raw("<p class=label>").text(block.label()).raw("</p>");
        }
        writeFacts(block);
        writePlaces(type);
        RichText.write(block, out);
        Behaviour.write(block, out);
        writeMembers(type);
        writeSignals(block);
        out.raw("</section></noscript>\n");
    }

    private void writeFacts(Block block) throws IOException {
        out.raw("<ul class=facts><li>").raw(kind(block)).raw("<li>").raw(Markup.hex(block.elementSize())).raw(" bytes");
        if (!block.typeName().equals(block.name())) {
            out.raw("<li>type ").element("code", block.typeName());
        }
        if (block instanceof Memory memory) {
            out.raw("<li>").raw(memory.entries()).raw(" entries of ").raw(memory.width()).raw(" bits<li>software: ")
                    .raw(memory.sw().name().toLowerCase(Locale.ROOT));
        }
        if (block.placement().external()) {
            out.raw("<li>external");
        }
        out.raw("</ul>");
    }

    static String kind(Addressable node) {
        return switch (node) {
            case AddressMap map -> "address map";
            case RegisterFile file -> "register file";
            case Memory memory -> "memory";
            case Register register -> "register";
        };
    }

    /** {@code [4][2]} and the stride. */
    static void writeShape(Addressable node, Markup out) throws IOException {
        if (node.array().isArray()) {
            out.raw(PlaceFinder.shape(node)).raw(" <span class=stride>+= ").raw(Markup.hex(node.array().stride())).raw("</span>");
        }
    }

    private void writePlaces(BlockType type) throws IOException {
        out.raw("<ul class=at>");
        for (BlockType.Place place : type.places.subList(0, Math.min(LISTED, type.places.size()))) {
            out.raw("<li><code>").raw(Markup.hex(place.address())).raw("</code> ").text(place.path());
        }
        out.raw(type.places.size() > LISTED ? "<li>and elsewhere</ul>" : "</ul>");
    }

    private void writeMembers(BlockType type) throws IOException {
        if (type.members.isEmpty()) {
            return;
        }
        out.raw("<table class=members><thead><tr><th>Offset<th>Name<th>Kind<th>Access"
                + "<th>Reset<th>Description</thead><tbody>");
        for (BlockType.Member member : type.members) {
            writeMember(member);
        }
        out.raw("</tbody></table>");
    }

    private void writeMember(BlockType.Member member) throws IOException {
        Addressable node = member.node();
        out.raw("\n<tr><td>").raw(Markup.hex(node.offset())).raw("<th><a href=#").raw(member.type().id()).raw(">")
                .name(node.name()).raw("</a>");
        writeShape(node, out);
        if (node instanceof Register register) {
            out.raw("<td>").raw(register.width()).raw(" bits<td>").raw(access(register))
                    .raw(register.width() > 64 ? "<td class=long>" : "<td>")
                    .raw(RegisterSection.hasReset(register) ? Markup.hex(register.reset(), register.width()) : "–");
        } else {
            out.raw("<td>").raw(kind(node)).raw("<td>")
                    .raw(node instanceof Memory memory ? memory.sw().name() : "").raw("<td>");
        }
        out.raw("<td>");
        if (node.properties().has("name")) {
            out.raw("<p class=label>").text(node.label()).raw("</p>");
        }
        out.text(Summary.of(node));
    }

    private static String access(Register register) {
        if (register.isReadable()) {
            return register.isWritable() ? "RW" : "RO";
        }
        return register.isWritable() ? "WO" : "NA";
    }

    private void writeSignals(Block block) throws IOException {
        List<Signal> signals = block.signals().toList();
        if (signals.isEmpty()) {
            return;
        }
        out.raw("<table class=signals><thead><tr><th>Signal<th>Width<th>Description</thead><tbody>");
        for (Signal signal : signals) {
            out.raw("\n<tr><th>").text(signal.name()).raw("<td>").raw(signal.width()).raw("<td>");
            if (signal.properties().has("name")) {
                out.raw("<p class=label>").text(signal.label()).raw("</p>");
            }
            RichText.write(signal, out);
            Behaviour.write(signal, out);
        }
        out.raw("</tbody></table>");
    }
}
