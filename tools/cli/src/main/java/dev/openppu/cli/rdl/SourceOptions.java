package dev.openppu.cli.rdl;

import dev.openppu.cli.BadInputException;
import dev.openppu.harness.ShellWord;
import dev.openppu.rdl.RdlCompiler;
import dev.openppu.rdl.source.Warning;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** How register descriptions are read, for every command that reads some. */
final class SourceOptions {
    @Option(names = "--with", paramLabel = "FILE", description = "A file to compile first, in the same scope; as often as needed.")
    private final List<Path> before = new ArrayList<>();

    @Option(names = {"-I",
        "--include"}, paramLabel = "DIR", description = "A folder in which `include looks, after the including file's own.")
    private final List<Path> includes = new ArrayList<>();

    @Option(names = {"-D", "--define"}, paramLabel = "NAME[=TEXT]", description = "Define a macro, as `define does.")
    private final List<String> definitions = new ArrayList<>();

    @Option(names = "--top", paramLabel = "NAME", description = "The address map to build; without it, all that no other one contains.")
    private final List<String> tops = new ArrayList<>();

    @Option(names = {"-P",
        "--parameter"}, paramLabel = "NAME=VALUE", description = "The value of a parameter of the top address map, an expression of the language.")
    private final List<String> parameters = new ArrayList<>();

    @Option(names = "--old-dialect", description = "Take the dialect of older files: a bare word for a string, a root address map without a name.")
    private boolean oldDialect;

    @Option(names = "--werror", description = "Take warnings for errors.")
    private boolean werror;

    @Option(names = {"-W", "--warn"}, paramLabel = "[no-]KIND", description = "Give a kind of warning, or do not; 'all' are all kinds.")
    private final List<String> warnings = new ArrayList<>();

    /** A compiler that is set up as the user wants it, without the files that the command itself names. */
    RdlCompiler compiler() {
        RdlCompiler compiler = new RdlCompiler().oldDialect(oldDialect).warningsAsErrors(werror);
        before.forEach(compiler::add);
        includes.forEach(compiler::includePath);
        definitions.forEach(given -> compiler.define(nameOf(given, "-D"), valueOf(given)));
        tops.forEach(compiler::top);
        parameters.forEach(given -> {
            if (given.indexOf('=') < 0) {
                throw new BadInputException("-P " + given + " gives no value: write NAME=VALUE");
            }
            compiler.parameter(nameOf(given, "-P"), valueOf(given));
        });
        warnings.forEach(choice -> choose(compiler, choice));
        return compiler;
    }

    /** What was given, as it is given, warnings aside. */
    List<String> arguments() {
        List<String> given = new ArrayList<>();
        before.forEach(file -> given.add("--with " + ShellWord.of(file.toString())));
        includes.forEach(folder -> given.add("-I " + ShellWord.of(folder.toString())));
        definitions.forEach(definition -> given.add("-D " + ShellWord.quoted(definition)));
        tops.forEach(top -> given.add("--top " + top));
        parameters.forEach(parameter -> given.add("-P " + ShellWord.quoted(parameter)));
        if (oldDialect) {
            given.add("--old-dialect");
        }
        return given;
    }

    /** The address maps that the user asked for by name; empty for all. */
    List<String> tops() {
        return List.copyOf(tops);
    }

    private static String nameOf(String given, String option) {
        String name = given.split("=", 2)[0];
        if (!name.matches("[A-Za-z_]\\w*")) {
            throw new BadInputException(option + " " + given + ": '" + name + "' is no name");
        }
        return name;
    }

    /** What stands after the equals sign; nothing if there is none. */
    private static String valueOf(String given) {
        int equals = given.indexOf('=');
        return equals < 0 ? "" : given.substring(equals + 1);
    }

    private static void choose(RdlCompiler compiler, String choice) {
        boolean on = !choice.startsWith("no-") || Warning.find(choice).isPresent();
        String id = on ? choice : choice.substring("no-".length());
        if (id.equals("all")) {
            Stream.of(Warning.values()).forEach(kind -> compiler.warn(kind, on));
            return;
        }
        compiler.warn(Warning.find(id).orElseThrow(() -> new BadInputException("there is no kind of warning '" + id + "'; there are "
                + Stream.of(Warning.values()).map(Warning::id).collect(Collectors.joining(", ")))), on);
    }
}
