package dev.openppu.rdl.emit.text;

import java.util.List;

/**
 * One line of the tree before its columns are aligned.
 *
 * @param address where it stands, or a field's bits
 * @param name    the branches that lead to it, and its name
 * @param kind    what it is
 * @param size    bytes of one element
 * @param access  what software may do
 * @param reset   the value after a reset
 * @param note    whatever else is worth a word
 */
record TreeRow(String address, String name, String kind, String size, String access, String reset, String note) {

    /** The line above all others. */
    static final TreeRow HEADING = new TreeRow("address", "name", "kind", "size", "access", "reset", "");

    /** Its cells from left to right. */
    List<String> cells() {
        return List.of(address, name, kind, size, access, reset, note);
    }
}
