package dev.openppu.rdl.emit.svd;

import java.io.IOException;
import java.io.Writer;
import java.math.BigInteger;
import java.util.Locale;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.jspecify.annotations.Nullable;

/** Writes indented elements; texts lose the characters that XML cannot hold. */
final class SvdXml {

    private final XMLStreamWriter xml;
    private int depth;

    SvdXml(Writer out) throws IOException {
        try {
            xml = XMLOutputFactory.newFactory().createXMLStreamWriter(out);
            xml.writeStartDocument("utf-8", "1.0");
        } catch (XMLStreamException e) {
            throw new IOException(e);
        }
    }

    private interface Step {
        void run() throws XMLStreamException;
    }

    private static void run(Step step) throws IOException {
        try {
            step.run();
        } catch (XMLStreamException e) {
            throw new IOException(e);
        }
    }

    SvdXml begin(String name) throws IOException {
        run(() -> {
            newLine();
            xml.writeStartElement(name);
        });
        depth++;
        return this;
    }

    SvdXml attribute(String name, String value) throws IOException {
        run(() -> xml.writeAttribute(name, value));
        return this;
    }

    void end() throws IOException {
        depth--;
        run(() -> {
            newLine();
            xml.writeEndElement();
        });
    }

    void finish() throws IOException {
        run(() -> {
            xml.writeCharacters("\n");
            xml.writeEndDocument();
            xml.flush();
        });
    }

    /** An element with text; none where there is no text. */
    void text(String name, @Nullable String text) throws IOException {
        String legal = text == null ? "" : legal(text);
        if (!legal.isBlank()) {
            run(() -> {
                newLine();
                xml.writeStartElement(name);
                xml.writeCharacters(legal);
                xml.writeEndElement();
            });
        }
    }

    void number(String name, long number) throws IOException {
        text(name, Long.toString(number));
    }

    void hex(String name, BigInteger number) throws IOException {
        text(name, "0x" + number.toString(16).toUpperCase(Locale.ROOT));
    }

    void hex(String name, long number) throws IOException {
        hex(name, BigInteger.valueOf(number));
    }

    private void newLine() throws XMLStreamException {
        xml.writeCharacters("\n" + "  ".repeat(depth));
    }

    private static String legal(String text) {
        StringBuilder legal = new StringBuilder(text.length());
        text.codePoints().filter(c -> c == '\t' || c == '\n' || c >= ' ' && c < 0xD800 || c >= 0xE000 && c < 0xFFFE || c > 0xFFFF)
                .forEach(legal::appendCodePoint);
        return legal.toString();
    }
}
