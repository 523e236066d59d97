package dev.openppu.cli.command;

import dev.openppu.cli.BadInputException;
import dev.openppu.hal.LinkUri;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Options that every command takes, before or after its name. */
public final class GlobalOptions {
    /** The device that is opened unless told otherwise: never a real one. */
    static final String DEFAULT_DEVICE = "model:zw810e";
    /** Schemes of links that have a simulated clock. */
    private static final Set<String> SIMULATED = Set.of("model", "rdl");

    @Option(names = "--device", paramLabel = "URI", scope = ScopeType.INHERIT, order = 100, description = "The device, as 'ppu list' names it; default "
            + DEFAULT_DEVICE + ".")
    private List<String> devices = new ArrayList<>();

    @Option(names = "--seed", paramLabel = "N", scope = ScopeType.INHERIT, order = 101, description = "Simulated clock, order of events decided by N: the same N, the same run.")
    private @Nullable Long seed;

    @Option(names = "--json", scope = ScopeType.INHERIT, order = 102, description = "Print JSON instead of text.")
    private boolean json;

    @SuppressWarnings("UnusedVariable") // picocli acts on it
    @Option(names = {"-h", "--help"}, usageHelp = true, scope = ScopeType.INHERIT, order = 104, description = "Print this and exit.")
    private boolean help;

    @Option(names = "--debug", scope = ScopeType.INHERIT, order = 103, description = "Print the stack trace of an error.")
    private boolean debug;

    /** The options where none is given but, perhaps, {@code --json}. */
    static GlobalOptions ofOutput(boolean json) {
        GlobalOptions options = new GlobalOptions();
        options.json = json;
        return options;
    }

    /** Whether results are printed as JSON. */
    public boolean json() {
        return json;
    }

    /** Whether errors come with their stack trace. */
    public boolean debug() {
        return debug;
    }

    /** Whether {@code --device} is given. */
    public boolean deviceGiven() {
        return !devices.isEmpty();
    }

    /** The URI to open: {@code --device} with what {@code --seed} says. */
    public String deviceUri() {
        return deviceUri(Map.of());
    }

    /** The same with more options of the link's. */
    String deviceUri(Map<String, String> more) {
        LinkUri uri = asked(uri());
        Map<String, String> options = new LinkedHashMap<>(uri.options());
        options.putAll(more);
        return new LinkUri(uri.scheme(), uri.target(), options).toString();
    }

    /** The URIs of a command that takes several devices. */
    List<String> deviceUris() {
        return devices.isEmpty() ? List.of(deviceUri()) : devices.stream().map(device -> asked(LinkUri.parse(device)).toString()).toList();
    }

    /**
     * For a command that makes its devices itself, and would pass over what is said of one here.
     *
     * @param forSeed what it takes in place of {@code --seed}
     * @param forDevice in place of {@code --device}
     * @throws BadInputException if either is given
     */
    public void demandNoDevice(String forSeed, String forDevice) {
        if (seed != null) {
            throw new BadInputException("this command makes its devices itself and takes no --seed: give " + forSeed);
        }
        if (!devices.isEmpty()) {
            throw new BadInputException("this command makes its devices itself and takes no --device: give " + forDevice);
        }
    }

    /** Whether the device is the model in this process, which can tell every event. */
    boolean ofModel() {
        return uri().scheme().equals("model");
    }

    private LinkUri uri() {
        if (devices.size() > 1) {
            throw new BadInputException("this command takes one --device, and was given " + devices.size());
        }
        return LinkUri.parse(devices.isEmpty() ? DEFAULT_DEVICE : devices.getFirst());
    }

    private LinkUri asked(LinkUri uri) {
        return seed == null ? uri : seeded(uri, seed);
    }

    private static LinkUri seeded(LinkUri uri, long seed) {
        if (!SIMULATED.contains(uri.scheme())) {
            throw new BadInputException(
                    "--seed %d decides what a model does under the simulated clock; '%s' is no model of this process and takes none"
                            .formatted(seed, uri));
        }
        Map<String, String> options = new LinkedHashMap<>(uri.options());
        agree(options, "clock", "sim");
        agree(options, "seed", String.valueOf(seed));
        return new LinkUri(uri.scheme(), uri.target(), options);
    }

    private static void agree(Map<String, String> options, String name, String value) {
        String given = options.putIfAbsent(name, value);
        if (given != null && !given.equals(value)) {
            throw new BadInputException(
                    "--seed asks for " + name + "=" + value + ", the device's URI for " + name + "=" + given + ": give one of them");
        }
    }
}
