package dev.openppu.cli.sim;

import dev.openppu.cli.BadInputException;
import dev.openppu.model.profile.Profiles;

import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

import picocli.CommandLine.Model.CommandSpec;

/** What options of {@code ppu sim} and {@code ppu soak} mean, or why they mean nothing. */
final class Spelling {
    private Spelling() {}

    static void requirePositive(String option, int value) {
        if (value < 1) {
            throw new BadInputException("%s %d: give 1 or more".formatted(option, value));
        }
    }

    /**
     * Refuses options that would mean nothing.
     *
     * @param why what they are given with, or without, and what that is: begins the message
     */
    static void refuse(CommandSpec command, String why, String... options) {
        for (String option : options) {
            if (command.commandLine().getParseResult().hasMatchedOption(option)) {
                throw new BadInputException(why + " takes no " + option);
            }
        }
    }

    static <T> T spelled(Supplier<T> parse) {
        try {
            return parse.get();
        } catch (IllegalArgumentException e) {
            throw new BadInputException(String.valueOf(e.getMessage()));
        }
    }

    static <T> T named(String what, String name, List<T> all, Function<T, String> nameOf) {
        return all.stream().filter(each -> nameOf.apply(each).equals(name)).findFirst().orElseThrow(() -> new BadInputException(
                "there is no %s '%s'; there are: %s".formatted(what, name, String.join(", ", all.stream().map(nameOf).toList()))));
    }

    /** The name of a model's profile. */
    static String device(String profile) {
        return Profiles.find(profile).map(found -> found.name())
                .orElseThrow(() -> new BadInputException(
                        "there is no profile '%s'; there are: %s".formatted(profile, String.join(", ", Profiles.names()))));
    }
}
