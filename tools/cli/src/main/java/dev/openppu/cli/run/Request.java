package dev.openppu.cli.run;

import dev.openppu.cli.BadInputException;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the command line says of a run.
 *
 * @param tix     the file
 * @param kernel  which kernel, if not as the file says
 * @param grid    as a header writes it
 * @param block   as a header writes it
 * @param shared  as a header writes it
 * @param args    arguments, {@code name=value}
 * @param inputs  arrays to read
 * @param images  pictures to read
 * @param outputs arrays and pictures to write
 * @param verify  whether the result is compared with a reference
 */
public record Request(Path tix, Optional<String> kernel, Optional<String> grid, Optional<String> block, Optional<String> shared,
        List<String> args,
        List<NamedFile> inputs, List<NamedFile> images, List<NamedFile> outputs, boolean verify) {
    private static final Pattern NAMED = Pattern.compile("([A-Za-z_][A-Za-z0-9_]*)=(.+)");

    public Request {
        args = List.copyOf(args);
        inputs = List.copyOf(inputs);
        images = List.copyOf(images);
        outputs = List.copyOf(outputs);
    }

    /**
     * A file and what it is for.
     *
     * @param name array or parameter; empty where only one can be meant
     */
    public record NamedFile(Optional<String> name, Path file) {
        /** {@code name=file}, or the file alone. */
        public static NamedFile parse(String text) {
            Matcher named = NAMED.matcher(text);
            return named.matches()
                    ? new NamedFile(Optional.of(named.group(1)), Path.of(named.group(2)))
                    : new NamedFile(Optional.empty(), Path.of(text));
        }

        /** Takes the file for {@code wanted} out of {@code files}: the one of its name, or the one without a name if only {@code wanted} can be meant. */
        static Optional<Path> take(List<NamedFile> files, String wanted, boolean only) {
            Optional<NamedFile> found = files.stream().filter(file -> file.name.map(wanted::equals).orElse(only)).findFirst();
            found.ifPresent(files::remove);
            return found.map(NamedFile::file);
        }

        /** @throws BadInputException if files are left that nothing has taken */
        static void requireNone(List<NamedFile> left, String option, List<String> names) {
            if (!left.isEmpty()) {
                NamedFile first = left.getFirst();
                String written = first.name.map(name -> name + "=").orElse("") + first.file;
                throw new BadInputException(option + " " + written + ": " + (names.isEmpty()
                        ? "the kernel takes nothing of this kind"
                        : "which one? Write NAME=FILE; there " + (names.size() == 1 ? "is " : "are ") + String.join(", ", names)));
            }
        }

        /** Files with a name that is not among those. */
        static List<NamedFile> strangers(List<NamedFile> files, List<String> names) {
            return files.stream().filter(file -> file.name.filter(name -> !names.contains(name)).isPresent()).toList();
        }

        static List<NamedFile> taking(List<NamedFile> files) {
            return new ArrayList<>(files);
        }
    }
}
