package dev.openppu.system.load;

/** A number came back from the device that is not what was computed. */
final class WrongContents extends AssertionError {
    private static final long serialVersionUID = 1;

    private WrongContents(String message) {
        super(message);
    }

    static void unlessEqual(String what, int index, int wanted, int found) {
        if (wanted != found) {
            throw new WrongContents("%s: word %d is 0x%08x and should be 0x%08x".formatted(what, index, found, wanted));
        }
    }
}
