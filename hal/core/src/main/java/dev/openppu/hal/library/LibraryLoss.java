package dev.openppu.hal.library;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Whether a library has said that its device is gone ({@code PPU_E_LOST}): the first call that it answered so counts. Thread-safe. */
final class LibraryLoss {
    private final Consumer<LibraryException> told;
    private final AtomicReference<@Nullable LibraryException> first = new AtomicReference<>();

    /** @param told is called once, by the thread whose call it was */
    LibraryLoss(Consumer<LibraryException> told) {
        this.told = told;
    }

    /** A call failed. @return whether that means that the device is gone */
    boolean means(LibraryException failure) {
        if (failure.result() != LibraryResult.LOST) {
            return false;
        }
        if (first.compareAndSet(null, failure)) {
            told.accept(failure);
        }
        return true;
    }

    /** @throws LibraryException if it is gone */
    void requireDevice() {
        LibraryException why = first.get();
        if (why != null) {
            throw why;
        }
    }

    /** The call, and the library's sentence; empty while the device is there. */
    Optional<String> why() {
        return Optional.ofNullable(first.get()).map(LibraryException::getMessage);
    }
}
