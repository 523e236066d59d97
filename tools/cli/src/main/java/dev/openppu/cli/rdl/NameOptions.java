package dev.openppu.cli.rdl;

import dev.openppu.cli.console.Terminal;
import dev.openppu.hal.LinkException;
import dev.openppu.hal.LinkUri;
import dev.openppu.hal.record.RecordingInfo;
import dev.openppu.harness.recording.RegisterNames;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What the registers in a recording are called. */
public final class NameOptions {
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
        String device = recording.identity().uri();
        try {
            return DescribedMap.of(LinkUri.parse(device), map, bar, sources, messages).map(of -> RegisterNames.of(of.bar(), of.map()))
                    .orElseGet(() -> RegisterNames.of(recording));
        } catch (LinkException e) {
            messages.println("registers are shown without names, because %s has none here (%s); --map FILE gives them"
                    .formatted(Terminal.printable(device),
                            Terminal.printable(
                                    String.valueOf(e.getMessage()).lines().map(String::strip).collect(Collectors.joining(" ")))));
            return RegisterNames.none();
        }
    }
}
