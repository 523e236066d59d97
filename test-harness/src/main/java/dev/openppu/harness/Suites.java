package dev.openppu.harness;

import dev.openppu.harness.bringup.PpuSuites;
import dev.openppu.harness.registers.Exclusions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The suites by name. Immutable. */
public final class Suites {
    /** The name of all suites together. */
    public static final String ALL = "all";

    /**
     * A suite that can be asked for.
     *
     * @param subject what it is about, one line
     */
    public record Named(String id, String subject, Function<SuiteSettings, List<Stage>> stages) {}

    private final Map<String, Named> named;

    private Suites(List<Named> suites) {
        named = suites.stream().collect(Collectors.toMap(Named::id, Function.identity(), (a, b) -> b, LinkedHashMap::new));
    }

    /** Those of a PPU. */
    public static Suites ofPpu() {
        return ofPpu(Exclusions.NONE);
    }

    /** Those of a PPU, the registers suite without {@code more} than a PPU needs left out. */
    public static Suites ofPpu(Exclusions more) {
        return new Suites(PpuSuites.all(more));
    }

    /** These, with another in place of the one of its name. */
    public Suites with(Named suite) {
        return new Suites(Stream.concat(named.values().stream(), Stream.of(suite)).toList());
    }

    /** In the order in which they run. */
    public List<Named> list() {
        return List.copyOf(named.values());
    }

    /** The first of {@code ids} that names no suite. */
    public Optional<String> unknown(List<String> ids) {
        return ids.stream().filter(id -> !id.equals(ALL) && !named.containsKey(id)).findFirst();
    }

    /**
     * One suite of all the named ones; a case that two of them have runs once.
     *
     * @param options that {@code ppu conform} takes beside {@code --suite} to make the same suite
     * @throws IllegalArgumentException if a name is unknown
     */
    public Suite of(List<String> ids, SuiteSettings settings, String options) {
        unknown(ids).ifPresent(id -> {
            throw new IllegalArgumentException("there is no suite " + id);
        });
        List<Named> chosen = ids.contains(ALL)
                ? list()
                : ids.stream().distinct().map(id -> java.util.Objects.requireNonNull(named.get(id))).toList();
        Set<String> seen = new HashSet<>();
        List<Stage> stages = new ArrayList<>();
        for (Named suite : chosen) {
            for (Stage stage : suite.stages().apply(settings)) {
                List<Case> cases = stage.cases().stream().filter(each -> seen.add(each.id())).toList();
                if (!cases.isEmpty()) {
                    stages.add(new Stage(stage.id(), stage.title(), cases));
                }
            }
        }
        String id = String.join(",", ids);
        String title = chosen.size() == 1 ? chosen.getFirst().subject() : "Conformance";
        return new Suite(id, title, stages, ("--suite " + id + " " + options).strip());
    }
}
