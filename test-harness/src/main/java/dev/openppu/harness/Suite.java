package dev.openppu.harness;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Stages that run in order on one link.
 *
 * @param options that make {@code ppu conform} run the suite that these cases are of
 * @param selection the options that choose these cases of it; empty if it is whole
 */
public record Suite(String id, String title, List<Stage> stages, String options, String selection) {
    /** A suite that {@code ppu conform} knows by its id. */
    public Suite(String id, String title, List<Stage> stages) {
        this(id, title, stages, "--suite " + id);
    }

    /** A suite that is whole. */
    public Suite(String id, String title, List<Stage> stages, String options) {
        this(id, title, stages, options, "");
    }

    public Suite {
        stages = List.copyOf(stages);
        Set<String> ids = new HashSet<>();
        for (Stage stage : stages) {
            for (Case c : stage.cases()) {
                if (!ids.add(c.id())) {
                    throw new IllegalArgumentException("two cases are called " + c.id());
                }
            }
        }
    }

    /** The same suite with the wanted cases only; a stage of which nothing is left goes. */
    public Suite only(Predicate<Case> wanted) {
        return only(wanted, selection);
    }

    /**
     * The same.
     *
     * @param selection the options that choose them
     */
    public Suite only(Predicate<Case> wanted, String selection) {
        return new Suite(id, title,
                stages.stream().map(stage -> new Stage(stage.id(), stage.title(), stage.cases().stream().filter(wanted).toList()))
                        .filter(stage -> !stage.cases().isEmpty()).toList(),
                options, selection);
    }

    /** The command line that runs all of it again. */
    public String again(String device) {
        return "ppu conform --device %s %s %s".formatted(ShellWord.quoted(device), options, selection).strip();
    }

    /** The command line that runs one case again. */
    public String again(String device, Case subject) {
        return "ppu conform --device %s %s --case %s".formatted(ShellWord.quoted(device), options, ShellWord.quoted(subject.id()));
    }

    public int size() {
        return stages.stream().mapToInt(stage -> stage.cases().size()).sum();
    }
}
