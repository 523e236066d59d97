package dev.openppu.hal.record;

import dev.openppu.hal.LinkException;
import dev.openppu.hal.WaitInterruptedException;

/** What a call of a link threw; the ordinals are the file's. */
public enum Thrown {
    LINK, WAIT_INTERRUPTED, INDEX, ARGUMENT, STATE;

    static Thrown of(RuntimeException e) {
        return switch (e) {
            case WaitInterruptedException _ -> WAIT_INTERRUPTED;
            case IndexOutOfBoundsException _ -> INDEX;
            case IllegalArgumentException _ -> ARGUMENT;
            case IllegalStateException _ -> STATE;
            default -> LINK;
        };
    }

    /** The same again, for a recording that is played. */
    public RuntimeException again(String message) {
        return switch (this) {
            case LINK -> new LinkException(message);
            case WAIT_INTERRUPTED -> new WaitInterruptedException(message);
            case INDEX -> new IndexOutOfBoundsException(message);
            case ARGUMENT -> new IllegalArgumentException(message);
            case STATE -> new IllegalStateException(message);
        };
    }
}
