package dev.openppu.cli.rdl;

import dev.openppu.rdl.emit.c.CHeaderEmitter;
import dev.openppu.rdl.emit.html.HtmlEmitter;
import dev.openppu.rdl.emit.json.JsonEmitter;
import dev.openppu.rdl.emit.rdl.RdlEmitter;
import dev.openppu.rdl.emit.svd.SvdEmitter;
import dev.openppu.rdl.model.AddressMap;

import java.io.IOException;
import java.io.Writer;
import java.util.Locale;

/** What a map can be turned into. */
enum ExportFormat {
    /** Accessors: a folder of sources. */
    JAVA(".java", ExportFormat::severalFiles),
    /** A C11 header. */
    C(".h", (map, out) -> new CHeaderEmitter().emit(map, out)),
    /** The map as data, which loads again. */
    JSON(".json", (map, out) -> new JsonEmitter().emit(map, out)),
    /** A reference for people, one page. */
    HTML(".html", (map, out) -> new HtmlEmitter().emit(map, out)),
    /** SystemRDL, elaborated. */
    RDL(".rdl", (map, out) -> new RdlEmitter().emit(map, out)),
    /** CMSIS-SVD, for debuggers. */
    SVD(".svd", (map, out) -> new SvdEmitter().emit(map, out));

    private final String ending;
    private final Emission emission;

    ExportFormat(String ending, Emission emission) {
        this.ending = ending;
        this.emission = emission;
    }

    private static void severalFiles(AddressMap map, Writer out) {
        throw new IllegalStateException("this format is no single file");
    }

    /** Writes a map in a format of one file. */
    interface Emission {
        void emit(AddressMap map, Writer out) throws IOException;
    }

    /** How files of it end. */
    String ending() {
        return ending;
    }

    /** What writes it. */
    Emission emission() {
        return emission;
    }

    /** As users write it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
