package dev.openppu.rdl.emit.html;

import dev.openppu.rdl.model.EnumType;
import dev.openppu.rdl.model.Field;
import dev.openppu.rdl.model.Register;
import dev.openppu.rdl.model.Value;
import java.io.IOException;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes the sections that describe registers: facts, description, drawing, table of fields. */
final class RegisterSection {

    /** An enumeration of more entries is listed once in the document and referred to from then on. */
    private static final int SHORT_ENUM = 8;

    /** Bits of a reset value that is not broken into lines. */
    private static final int LONGEST_RESET = 64;

    private final Markup out;
    private final Map<EnumType, String> listed = new HashMap<>();

    RegisterSection(Markup out) {
        this.out = out;
    }

    /** Writes {@code type}; {@code home} is the chapter that it stands in. */
    void write(RegisterType type, BlockType home) throws IOException {
        Register register = type.sample();
        out.raw("<noscript").attribute("id", type.id()).raw(" data-w=").raw(register.width())
                .attribute("data-r", Markup.hex(register.reset(), register.width())).raw("><section class=reg><h3>").text(register.name())
                .raw("</h3>");
        writeLabel(register);
        writePlaces(type, home);
        writeFacts(register);
        RichText.write(register, out);
        Behaviour.write(register, out);
        new BitDiagram(type, out).write();
        writeFields(type);
        out.raw("</section></noscript>\n");
    }

    private void writeLabel(Register register) throws IOException {
        if (register.properties().has("name")) {
            out.raw("<p class=label>").text(register.label()).raw("</p>");
        }
    }

    private void writePlaces(RegisterType type, BlockType home) throws IOException {
        out.raw("<p class=at>");
        String between = "";
        for (BlockType.Member member : home.members) {
            if (member.type() == type) {
                out.raw(between).raw("<code>+").raw(Markup.hex(member.node().offset())).raw("</code> ").text(member.node().name());
                BlockSection.writeShape(member.node(), out);
                between = ", ";
            }
        }
        out.raw("</p>");
    }

    private void writeFacts(Register register) throws IOException {
        out.raw("<ul class=facts><li>").raw(register.width()).raw(" bits");
        if (register.accessWidth() < register.width()) {
            out.raw(", accessed by ").raw(register.accessWidth());
        }
        out.raw("<li>").raw(access(register));
        if (hasReset(register)) {
            out.raw("<li>reset <code>").raw(Markup.hex(register.reset(), register.width())).raw("</code>");
            out.raw(register.fields().stream().allMatch(field -> field.reset() != null) ? "" : " where fields have one");
        }
        Value alias = register.properties().get("alias");
        if (alias != null) {
            out.raw("<li>alias of ");
            PropertyText.write(alias, out);
        }
        if (register.placement().external()) {
            out.raw("<li>external");
        }
        out.raw("</ul>");
    }

    /** Whether any field has a reset value of its own. */
    static boolean hasReset(Register register) {
        return register.fields().stream().anyMatch(field -> field.reset() != null);
    }

    private static String access(Register register) {
        if (register.isReadable()) {
            return register.isWritable() ? "read and write" : "read only";
        }
        return register.isWritable() ? "write only" : "no software access";
    }

    private void writeFields(RegisterType type) throws IOException {
        out.raw("<table class=fields><thead><tr><th>Bits<th>Field<th>Access<th>HW<th>Reset<th>Description</thead><tbody>");
        List<Field> fields = type.sample().fields();
        for (int i = fields.size() - 1; i >= 0; i--) {
            writeField(fields.get(i), i, type);
        }
        out.raw("</tbody></table>");
    }

    private void writeField(Field field, int index, RegisterType type) throws IOException {
        out.raw("\n<tr id=").raw(type.fieldId(index)).raw("><td>").raw(bits(field)).raw("<th>").name(field.name()).raw("<td>")
                .raw(AccessPolicy.of(field)).raw("<td>").raw(field.hw().name().toLowerCase(Locale.ROOT))
                .raw(field.width() > LONGEST_RESET ? "<td class=long>" : "<td>");
        writeReset(field);
        out.raw("<td>");
        if (field.properties().has("name")) {
            out.raw("<p class=label>").text(field.label()).raw("</p>");
        }
        RichText.write(field, out);
        Behaviour.write(field, out);
        EnumType encode = field.encode();
        if (encode != null) {
            writeEnum(encode, field, type.enumId(index));
        }
    }

    /** {@code 31:16}, the other way round where bits rise, or one number. */
    static String bits(Field field) {
        if (field.width() == 1) {
            return Integer.toString(field.low());
        }
        return field.msb0() ? field.low() + ":" + field.high() : field.high() + ":" + field.low();
    }

    private void writeReset(Field field) throws IOException {
        BigInteger reset = field.reset();
        Value given = field.properties().get("reset");
        if (reset != null) {
            out.raw(field.width() == 1 ? reset.toString() : Markup.hex(reset, field.width()));
        } else if (given != null) {
            PropertyText.write(given, out);
        } else {
            out.raw("–");
        }
    }

    private void writeEnum(EnumType type, Field field, String id) throws IOException {
        String known = listed.putIfAbsent(type, id);
        if (known != null && type.entries().size() > SHORT_ENUM) {
            out.raw("<p class=enumref><a href=#").raw(known).raw(">").text(type.name()).raw("</a>, ").raw(type.entries().size())
                    .raw(" values</p>");
            return;
        }
        out.raw("<dl class=enum").attribute("aria-label", type.name());
        if (known == null) {
            out.raw(" id=").raw(id);
        }
        out.raw(">");
        for (EnumType.Entry entry : type.entries()) {
            out.raw("<dt>").raw(Markup.hex(entry.value(), 1)).raw("<dd><b>").text(entry.name()).raw("</b> ");
            if (entry.label() != null) {
                out.text(entry.label()).raw(" ");
            }
            RichText.write(entry.description(), field, out);
        }
        out.raw("</dl>");
    }
}
