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
    private final Map<EnumType, Integer> listed = new HashMap<>();

    RegisterSection(Markup out) {
        this.out = out;
    }

    /** Writes {@code type}; {@code home} is the chapter that it stands in. */
    void write(RegisterType type, BlockType home) throws IOException {
        Register register = type.sample();
        out.raw("<section class=reg").attribute("id", type.id()).raw(" data-w=").raw(register.width())
                .attribute("data-r", Markup.hex(register.reset(), register.width())).raw("><h3>").text(register.name()).raw("</h3>");
        writeLabel(register);
        writePlaces(type, home);
        writeFacts(register);
        RichText.write(register, out);
        Behaviour.write(register, out);
        new BitDiagram(type, out).write();
        writeFields(type);
        out.raw("</section>\n");
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
        if (register.fields().stream().anyMatch(field -> field.reset() != null)) {
            out.raw("<li>reset <code>").raw(Markup.hex(register.reset(), register.width())).raw("</code>");
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

    private static String access(Register register) {
        if (register.isReadable()) {
            return register.isWritable() ? "read and write" : "read only";
        }
        return register.isWritable() ? "write only" : "no software access";
    }

    private void writeFields(RegisterType type) throws IOException {
        out.raw("<table class=fields><thead><tr><th scope=col>Bits<th scope=col>Field<th scope=col>Access<th scope=col>HW"
                + "<th scope=col>Reset<th scope=col>Description</thead><tbody>");
        List<Field> fields = type.sample().fields();
        for (int i = fields.size() - 1; i >= 0; i--) {
            writeField(fields.get(i), type.fieldId(i));
        }
        out.raw("</tbody></table>");
    }

    private void writeField(Field field, String id) throws IOException {
        String sw = keyword(field.sw());
        out.raw("\n<tr").attribute("id", id).raw(" data-l=").raw(field.low()).raw(" data-w=").raw(field.width()).raw("><td class=bit>")
                .raw(bits(field)).raw("<th scope=row>").name(field.name()).raw("<td class=sw").attribute("title", "software: " + sw)
                .raw(">").raw(AccessPolicy.of(field)).raw("<td class=hw").attribute("title", "hardware: " + keyword(field.hw()))
                .raw(">").raw(keyword(field.hw())).raw(field.width() > LONGEST_RESET ? "<td class=\"reset long\">" : "<td class=reset>");
        writeReset(field);
        out.raw("<td class=about>");
        if (field.properties().has("name")) {
            out.raw("<p class=label>").text(field.label()).raw("</p>");
        }
        RichText.write(field, out);
        Behaviour.write(field, out);
        EnumType encode = field.encode();
        if (encode != null) {
            writeEnum(encode, field);
        }
    }

    private static String keyword(Enum<?> access) {
        return access.name().toLowerCase(Locale.ROOT);
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
            out.raw("<span title=\"no reset value\">–</span>");
        }
    }

    private void writeEnum(EnumType type, Field field) throws IOException {
        Integer known = listed.get(type);
        if (known != null && type.entries().size() > SHORT_ENUM) {
            out.raw("<p class=enumref><a href=#e-").raw(known).raw(">").text(type.name()).raw("</a>, ").raw(type.entries().size())
                    .raw(" values</p>");
            return;
        }
        out.raw("<dl class=enum").attribute("aria-label", type.name());
        if (known == null) {
            listed.put(type, listed.size());
            out.raw(" id=e-").raw(listed.size() - 1L);
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
