package dev.openppu.hal.library;

import dev.openppu.hal.LinkException;
import dev.openppu.hal.irq.EventInterrupts;
import dev.openppu.hal.posix.EventDescriptor;
import java.util.List;

/** A library that has an eventfd for each vector. */
final class LibrarySignaller implements EventInterrupts.Signaller {
    private static final int NONE = -1;

    private final LibraryDevice device;
    private int given;

    LibrarySignaller(LibraryDevice device) {
        this.device = device;
    }

    @Override
    public void signal(List<EventDescriptor> events) {
        given = events.size();
        for (int vector = 0; vector < given; vector++) {
            device.setInterrupt(vector, events.get(vector).number());
        }
    }

    @Override
    public void silence() {
        for (int vector = 0; vector < given; vector++) {
            try {
                device.setInterrupt(vector, NONE);
            } catch (LinkException e) {
                // closed: it writes to none any more
            }
        }
    }
}
