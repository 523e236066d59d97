package dev.openppu.rdl.svd;

import dev.openppu.rdl.source.Diagnostics;
import dev.openppu.rdl.source.Span;
import java.io.StringReader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.xml.stream.Location;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/**
 * Reads XML to elements with their places. A file can neither name others nor define entities: there is no document type
 * definition in an SVD file.
 */
final class SvdParser {

    private static final int DEEPEST = 64;
    private static final Pattern ENCODING = Pattern.compile("<\\?xml[^>]*encoding\\s*=\\s*[\"']([A-Za-z0-9._-]+)[\"']");

    private final String text;
    private final int[] lineStarts;
    private final Diagnostics diagnostics;

    SvdParser(String text, Diagnostics diagnostics) {
        this.text = text;
        this.lineStarts = findLines(text);
        this.diagnostics = diagnostics;
    }

    /** The characters of a file, after its byte order mark or its declaration; UTF-8 where it has neither. */
    static String decode(byte[] bytes) {
        String head = new String(bytes, 0, Math.min(bytes.length, 200), StandardCharsets.ISO_8859_1);
        Charset charset = StandardCharsets.UTF_8;
        if (head.startsWith("\u00fe\u00ff") || head.startsWith("\u00ff\u00fe")) {
            charset = StandardCharsets.UTF_16;
        } else {
            Matcher declared = ENCODING.matcher(head);
            if (declared.find() && Charset.isSupported(declared.group(1))) {
                charset = Charset.forName(declared.group(1));
            }
        }
        String text = new String(bytes, charset);
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    /** The root element; null, and reported, if this is no XML. */
    @Nullable
    SvdElement parse() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        try {
            XMLStreamReader xml = factory.createXMLStreamReader(new StringReader(text));
            SvdElement root = null;
            while (xml.hasNext()) {
                int event = xml.next();
                if (event == XMLStreamConstants.DTD) {
                    diagnostics.error(here(xml), "a document type definition has no place in an SVD file");
                    return null;
                }
                if (event == XMLStreamConstants.START_ELEMENT) {
                    root = readElement(xml);
                    if (root == null) {
                        return null;
                    }
                }
            }
            return root;
        } catch (XMLStreamException e) {
            String[] parts = String.valueOf(e.getMessage()).split("Message: ", -1);
            Span span = e.getLocation() == null ? new Span(0, 1) : span(e.getLocation());
            diagnostics.error(span, "this is no well-formed XML: " + parts[parts.length - 1].strip());
            return null;
        }
    }

    /** Reads the element that has just begun, without recursion: a file decides how deep it is. */
    private @Nullable SvdElement readElement(XMLStreamReader xml) throws XMLStreamException {
        SvdElement root = begin(xml, null);
        SvdElement at = root;
        StringBuilder characters = new StringBuilder();
        int depth = 1;
        while (depth > 0) {
            switch (xml.next()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    if (++depth > DEEPEST) {
                        diagnostics.error(here(xml), "elements are nested more than " + DEEPEST + " deep");
                        return null;
                    }
                    SvdElement child = begin(xml, at);
                    at.children().add(child);
                    at = child;
                    characters.setLength(0);
                }
                case XMLStreamConstants.END_ELEMENT -> {
                    at.finish(characters.toString());
                    characters.setLength(0);
                    at = at.parent() == null ? at : at.parent();
                    depth--;
                }
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> characters.append(xml.getText());
                case XMLStreamConstants.ENTITY_REFERENCE -> diagnostics.error(here(xml), "no entity is defined in an SVD file");
                default -> {
                }
            }
        }
        return root;
    }

    private SvdElement begin(XMLStreamReader xml, @Nullable SvdElement parent) {
        return new SvdElement(xml.getLocalName(), parent, xml.getAttributeValue(null, "derivedFrom"), here(xml));
    }

    /** The place of the tag that the reader has just read. */
    private Span here(XMLStreamReader xml) {
        return span(xml.getLocation());
    }

    /** The tag that ends at {@code end}, whose line and column can be relied on, but not its offset. */
    private Span span(Location end) {
        int line = Math.clamp(end.getLineNumber() - 1, 0, lineStarts.length - 1);
        int to = Math.clamp(lineStarts[line] + end.getColumnNumber() - 1L, 0, text.length());
        int from = Math.max(0, text.lastIndexOf('<', Math.max(0, to - 1)));
        return new Span(from, Math.max(from + 1, to));
    }

    private static int[] findLines(String text) {
        return IntStream.concat(IntStream.of(0), IntStream.range(0, text.length())
                .filter(i -> text.charAt(i) == '\n' || text.charAt(i) == '\r' && !text.startsWith("\n", i + 1)).map(i -> i + 1)).toArray();
    }
}
