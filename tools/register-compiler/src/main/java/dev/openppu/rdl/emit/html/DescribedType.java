package dev.openppu.rdl.emit.html;

/** A type of block or register, described once in the document however many instances there are. */
sealed interface DescribedType permits BlockType, RegisterType {

    /** Its anchor in the document; it holds a hyphen, so that no path can be one. */
    String id();

    /** Whether its place in the document is known. */
    boolean isNumbered();
}
