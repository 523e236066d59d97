package dev.openppu.hal.posix.library;

/** What may come out of a method handle. */
final class Failures {
    private Failures() {}

    static RuntimeException unchecked(Throwable t) {
        return switch (t) {
            case RuntimeException e -> e;
            case Error e -> throw e;
            default -> throw new AssertionError("a native call threw a checked exception", t);
        };
    }
}
