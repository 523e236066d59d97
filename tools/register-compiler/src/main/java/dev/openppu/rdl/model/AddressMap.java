package dev.openppu.rdl.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Writer;
import java.util.List;

/**
 * An elaborated address map: the root of a device's registers, or a map within one. Addresses in it are relative to its parent;
 * arrays stay arrays. Immutable; safe for any number of threads.
 *
 * @param placement   where it stands
 * @param properties  what was given to it
 * @param children    what is in it
 * @param elementSize bytes that one element occupies
 */
public record AddressMap(Placement placement, Properties properties, List<Node> children, long elementSize) implements Block {

    public AddressMap {
        children = List.copyOf(children);
    }

    /**
     * Reads a map that {@link #save} wrote. Nothing is parsed or elaborated; a map of a thousand registers takes milliseconds.
     *
     * @throws IOException if the stream breaks or does not hold such a map
     */
    public static AddressMap load(InputStream in) throws IOException {
        try (MapReader reader = new MapReader(in)) {
            return reader.read();
        }
    }

    /** Writes the map as JSON, the same bytes for the same map on every machine. Leaves {@code out} open. */
    public void save(OutputStream out) throws IOException {
        new MapWriter(out).write(this);
    }

    /** Writes what {@link #save} writes, indented for people to read. Leaves {@code out} open. */
    public void saveIndented(Writer out) throws IOException {
        new MapWriter(out).write(this);
    }
}
