package dev.openppu.hal.hotplug;

import dev.openppu.hal.LinkException;
import java.time.Duration;
import java.util.Optional;
import java.util.ServiceLoader;

/** Events of PCI functions from its opening on, in their order. For one thread. */
public interface FunctionEvents extends AutoCloseable {

    /** Makes them; found through {@link ServiceLoader}. */
    interface Source {
        /** @throws LinkException if the system tells nobody, in one line */
        FunctionEvents open();
    }

    /**
     * From the first source on the module path.
     *
     * @throws LinkException if there is none, or the system tells nobody, in one line
     */
    static FunctionEvents open() {
        return ServiceLoader.load(Source.class).findFirst().orElseThrow(() -> new LinkException(
                "nothing here tells of PCI functions that come and go: the module dev.openppu.hal.udev is not on the module path")).open();
    }

    /** Waits for the next one; empty if none came, or the thread was interrupted. */
    Optional<FunctionEvent> await(Duration longest);

    @Override
    void close();
}
