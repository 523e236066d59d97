package dev.openppu.guest.inside;

import dev.openppu.driver.Compare;
import dev.openppu.driver.Context;
import dev.openppu.driver.DeviceLostException;
import dev.openppu.driver.PinnedBuffer;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuOptions;
import dev.openppu.driver.Stream;
import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.Links;

/** A stream that waits for what never comes. */
final class StuckStream {
    private StuckStream() {}

    /** Runs an action while a thread waits for the stream, and tells how that ended; then everything is closed. */
    static String endedBy(String uri, Runnable action) {
        try (Ppu ppu = Ppu.open(uri, PpuOptions.builder().noDumps().build()); // thousands of registers, each read by an emulated processor
                Context context = ppu.createContext();
                PinnedBuffer never = context.allocatePinned(64);
                Stream stream = context.createStream()) {
            stream.waitValue64(never, 0, Compare.EQUAL, 1);
            Thread.ofPlatform().start(action);
            stream.synchronize();
            return "the wait ended as if it had come";
        } catch (DeviceLostException e) {
            return "%s: %s".formatted(e.hgresult(), e.getMessage());
        }
    }

    static void requireOpenable(String uri) {
        try (DeviceLink link = Links.open(uri)) {
            link.runtime();
        }
    }
}
