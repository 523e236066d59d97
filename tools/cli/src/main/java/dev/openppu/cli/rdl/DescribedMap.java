package dev.openppu.cli.rdl;

import dev.openppu.cli.BadInputException;
import dev.openppu.hal.LinkException;
import dev.openppu.hal.LinkUri;
import dev.openppu.hal.record.RecordingReader;
import dev.openppu.harness.registers.MapUnderTest;
import dev.openppu.model.rdl.RdlDevice;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The map of a device's registers, as far as a user or the device's URI gives one. */
final class DescribedMap {
    private static final int LAST_BAR = 5;

    private DescribedMap() {}

    /**
     * The map of {@code file}, or what an {@code rdl:} device was made from; empty for any other device.
     *
     * @param bar which shows it; that of the device's URI if left out, or 0
     * @param warnings where the compiler's are printed
     * @throws LinkException if the device's description cannot be read
     */
    static Optional<MapUnderTest> of(LinkUri device, @Nullable Path file, @Nullable Integer bar, SourceOptions sources,
            PrintStream warnings)
            throws IOException {
        if (bar != null && (bar < 0 || bar > LAST_BAR)) {
            throw new BadInputException("there is no BAR " + bar + "; there are 0 to " + LAST_BAR);
        }
        boolean described = device.scheme().equals("rdl");
        int of = bar != null ? bar : described ? (int) device.number("bar").orElse(0) : 0;
        if (file != null) {
            return Optional.of(new MapUnderTest(of, new MapSource(sources, warnings).map(file), file.toString()));
        }
        return described ? Optional.of(new MapUnderTest(of, RdlDevice.map(device), device.target())) : Optional.empty();
    }

    /** The URI of the device; of a recording, that of the recorded one. */
    static LinkUri recorded(LinkUri uri) {
        if (!uri.scheme().equals("replay")) {
            return uri;
        }
        try (RecordingReader reader = new RecordingReader(Path.of(uri.target()))) {
            return LinkUri.parse(reader.info().identity().uri());
        }
    }
}
