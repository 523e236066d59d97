package dev.openppu.guest.inside;

import static dev.openppu.guest.inside.KernelPathsProgram.say;

import dev.openppu.hal.hotplug.FunctionEvent;
import dev.openppu.hal.hotplug.FunctionEvents;
import java.time.Duration;
import java.util.Optional;

/** A function loses its driver, goes, comes and gets a driver: {@code HotplugProgram DDDD:BB:DD.F}. Prints what the system tells of it. */
public final class HotplugProgram {
    /** The kernel tells before the write to sysfs that caused it returns. */
    private static final Duration QUIET = Duration.ofMillis(500);

    private HotplugProgram() {}

    public static void main(String[] arguments) {
        String address = arguments[0];
        try (FunctionEvents events = FunctionEvents.open()) {
            print("quiet", events);
            Sysfs.unbind(address);
            print("after unbinding", events);
            Sysfs.remove(address);
            print("after removing", events);
            Sysfs.rescan();
            print("after rescanning", events);
            Sysfs.bind(address);
            print("after binding", events);
        }
    }

    private static void print(String when, FunctionEvents events) {
        for (Optional<FunctionEvent> event = events.await(QUIET); event.isPresent(); event = events.await(QUIET)) {
            say("%s: %s %s", when, event.get().kind(), event.get().address());
        }
    }
}
