package dev.openppu.model.link;

import dev.openppu.hal.LinkException;
import dev.openppu.hal.LinkUri;
import dev.openppu.model.sim.Chance;
import dev.openppu.model.sim.FreeRunningWorld;
import dev.openppu.model.sim.SimulatedWorld;
import dev.openppu.model.sim.World;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The options of a model link that make its world.
 *
 * @param simulated {@code clock=sim}; the default is {@code clock=free}
 * @param seed {@code seed=N}; 1 under the simulated clock if not given, else fresh
 * @param timescale {@code timescale=X} stretches time-outs
 */
public record WorldOptions(boolean simulated, long seed, double timescale) {
    private static final String CLOCK = "clock";
    private static final String SEED = "seed";
    private static final String TIMESCALE = "timescale";
    private static final String TRACE = "trace";
    private static final long DEFAULT_SEED = 1;

    /** @throws LinkException if an option is neither one of these nor among {@code others} */
    public static void demandKnown(LinkUri uri, List<String> others) {
        List<String> known = new ArrayList<>(List.of(CLOCK, SEED, TIMESCALE, TRACE));
        known.addAll(others);
        uri.demandOptions(known);
    }

    /** The options that {@code uri} gives. */
    public static WorldOptions of(LinkUri uri) {
        boolean simulated = switch (uri.option(CLOCK).orElse("free")) {
            case "free" -> false;
            case "sim" -> true;
            default ->
                throw new LinkException("link '%s': there is no clock '%s'; there are: free, sim".formatted(uri, uri.options().get(CLOCK)));
        };
        return new WorldOptions(simulated, uri.number(SEED).orElseGet(() -> simulated ? DEFAULT_SEED : Chance.freshSeed()),
                uri.factor(TIMESCALE));
    }

    /** What the device is called: the file of a trace has no part in what it is, and does. */
    public static String name(LinkUri uri) {
        return uri.without(List.of(TRACE)).toString();
    }

    /** The world that they make. */
    public World open(LinkUri uri) {
        Writer trace = uri.option(TRACE).map(file -> openTrace(uri, file)).orElse(null);
        return create(trace);
    }

    private World create(@Nullable Writer trace) {
        return simulated ? new SimulatedWorld(seed, timescale, trace) : new FreeRunningWorld(seed, timescale, trace);
    }

    private static Writer openTrace(LinkUri uri, String file) {
        try {
            return Files.newBufferedWriter(Path.of(file), StandardCharsets.UTF_8);
        } catch (IOException | InvalidPathException e) {
            throw new LinkException("link '%s': cannot write the trace %s: %s".formatted(uri, file, e), e);
        }
    }
}
