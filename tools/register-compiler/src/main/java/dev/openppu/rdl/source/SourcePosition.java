package dev.openppu.rdl.source;

/**
 * A place in a file as a person finds it: both line and column count from one.
 *
 * @param file   the file's name as it was given to the compiler
 * @param line   the line, from 1
 * @param column the column in UTF-16 units, from 1
 */
public record SourcePosition(String file, int line, int column) {

    @Override
    public String toString() {
        return file + ":" + line + ":" + column;
    }
}
