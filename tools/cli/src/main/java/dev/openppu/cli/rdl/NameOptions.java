package dev.openppu.cli.rdl;

import dev.openppu.cli.BadInputException;
import dev.openppu.cli.console.Terminal;
import dev.openppu.hal.LinkException;
import dev.openppu.hal.LinkUri;
import dev.openppu.hal.record.RecordingInfo;
import dev.openppu.hal.record.RecordingReader;
import dev.openppu.harness.recording.RegisterNames;
import dev.openppu.model.rdl.RdlDevice;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What the registers in a recording are called. */
public final class NameOptions {
    private static final int LAST_BAR = 5;

    @Mixin
    private final SourceOptions sources = new SourceOptions();

    @Option(names = "--map", paramLabel = "FILE", description = "What names the registers: SystemRDL, CMSIS-SVD, or a compiled map. Default: the PPU's map, or what a recorded rdl: device was made from.")
    private @Nullable Path map;

    @Option(names = "--map-bar", paramLabel = "N", description = "The BAR that shows --map from its offset 0 on; default 0.")
    private @Nullable Integer bar;

    /**
     * The names, of the map that was asked for or else of the recorded device. A description that is not there any more is no error: then there are none.
     *
     * @param messages where the compiler's warnings, and what is missing, are printed
     */
    public RegisterNames names(RecordingInfo recording, PrintStream messages) throws IOException {
        if (bar != null && (bar < 0 || bar > LAST_BAR)) {
            throw new BadInputException("there is no BAR " + bar + "; there are 0 to " + LAST_BAR);
        }
        Path file = map;
        if (file != null) {
            return RegisterNames.of(bar != null ? bar : 0, new MapSource(sources, messages).map(file));
        }
        String device = recording.identity().uri();
        try {
            LinkUri uri = LinkUri.parse(device);
            if (uri.scheme().equals("rdl")) {
                return RegisterNames.of(bar != null ? bar : (int) uri.number("bar").orElse(0), RdlDevice.map(uri));
            }
        } catch (LinkException e) {
            messages.println("registers are shown without names, because %s has none here (%s); --map FILE gives them"
                    .formatted(Terminal.printable(device), Terminal
                            .printable(String.valueOf(e.getMessage()).lines().map(String::strip).collect(Collectors.joining(" ")))));
        }
        return RegisterNames.of(recording);
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
