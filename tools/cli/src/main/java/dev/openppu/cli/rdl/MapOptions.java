package dev.openppu.cli.rdl;

import dev.openppu.hal.LinkUri;
import dev.openppu.harness.ShellWord;
import dev.openppu.harness.registers.MapUnderTest;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which description the registers of a device are held against. */
public final class MapOptions {
    @Mixin
    private final SourceOptions sources = new SourceOptions();

    @Option(names = "--map", paramLabel = "FILE", description = "What the registers suite holds the device against, whatever device it is: SystemRDL, CMSIS-SVD, or a compiled map. Default: the PPU's map, or what an rdl: device, or a recorded one, was made from.")
    private @Nullable Path map;

    @Option(names = "--bar", paramLabel = "N", description = "The BAR that shows --map from its offset 0 on; default 0.")
    private @Nullable Integer bar;

    /** The map that was asked for, or what the {@code rdl:} device, or the recorded one, was made from; empty for the PPU's. */
    public Optional<MapUnderTest> map(String device, PrintStream warnings) throws IOException {
        return DescribedMap.of(DescribedMap.recorded(LinkUri.parse(device)), map, bar, sources, warnings);
    }

    /** What was given, as it is given; empty if nothing was. */
    public String arguments() {
        List<String> given = sources.arguments();
        Path file = map;
        if (file != null) {
            given.addFirst("--map " + ShellWord.of(file.toString()));
        }
        if (bar != null) {
            given.add("--bar " + bar);
        }
        return String.join(" ", given);
    }
}
