package dev.openppu.hal.library;

import dev.openppu.hal.LinkException;

/** A device in a library refused a call: the message has the library's sentence. */
public final class LibraryException extends LinkException {
    private static final long serialVersionUID = 1L;

    private final transient LibraryResult result;

    public LibraryException(String call, LibraryResult result, String sentence) {
        super("%s: %s%s".formatted(call, result, sentence.isBlank() ? "" : ": " + LibraryText.printable(sentence)));
        this.result = result;
    }

    /** Why. */
    public LibraryResult result() {
        return result;
    }
}
