package dev.openppu.hal;

import java.util.List;

/**
 * Opens links of one URI scheme. Found through {@link java.util.ServiceLoader}; asked through {@link Links}.
 *
 * <p>Thread-safe, and stateless: two calls of {@link #open} make two links.
 */
public interface LinkProvider {

    /** The scheme before the colon, lower case, for example {@code model}. */
    String scheme();

    /** One line for people: {@code model:PROFILE[?clock=free|sim&seed=N]}. */
    String usage();

    /** What could be opened here, without opening it. */
    List<LinkInfo> list();

    /**
     * Opens a link; the calling thread becomes known to its {@link DeviceLink#runtime()}.
     *
     * @throws LinkException if target or options are unknown (the message lists what there is) or the device cannot be reached
     */
    DeviceLink open(LinkUri uri);
}
