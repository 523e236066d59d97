package dev.openppu.guest;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Programs in unpacked packages, run with the packages' own libraries: the machine's may be of another release. */
record HostPrograms(Path root) {
    private static final String LIBRARIES = "usr/lib/x86_64-linux-gnu";

    /** Where the packages' libraries are. */
    Path libraries() {
        return root.resolve(LIBRARIES);
    }

    /** The words that begin a command line of the program. */
    List<String> program(String name) {
        return new ArrayList<>(List.of(libraries().resolve("ld-linux-x86-64.so.2").toString(), "--library-path", libraries().toString(),
                root.resolve("usr/bin").resolve(name).toString()));
    }

    /** A library by its name, links followed. */
    Path library(String name) {
        return libraries().resolve(name);
    }
}
