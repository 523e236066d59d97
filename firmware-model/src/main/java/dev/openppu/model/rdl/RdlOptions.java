package dev.openppu.model.rdl;

import dev.openppu.hal.LinkException;
import dev.openppu.hal.LinkUri;
import dev.openppu.rdl.Compilation;
import dev.openppu.rdl.RdlCompiler;
import dev.openppu.rdl.model.AddressMap;
import dev.openppu.rdl.source.Diagnostic;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What an {@code rdl:} URI says of the device.
 *
 * @param map    the address map
 * @param bar    which BAR shows it
 * @param vendor PCI vendor id
 * @param device PCI device id
 */
record RdlOptions(AddressMap map, int bar, int vendor, int device) {

    static final List<String> NAMES = List.of("top", "include", "define", "param", "bar", "id");

    private static final Pattern ID = Pattern.compile("([0-9a-fA-F]{1,4}):([0-9a-fA-F]{1,4})");
    private static final int LAST_BAR = 5;
    private static final int MOST_ERRORS = 5;
    /** The id of a device that nobody has: vendor 1234 is unassigned and known as that of emulated devices. */
    private static final String DEFAULT_ID = "1234:5244";

    /** @throws LinkException if an option is malformed or the file does not compile: with the compiler's messages */
    static RdlOptions of(LinkUri uri) {
        return of(uri, compile(uri));
    }

    /** The options of {@code uri}, with a map that is there already. */
    static RdlOptions of(LinkUri uri, AddressMap map) {
        Matcher id = ID.matcher(uri.option("id").orElse(DEFAULT_ID));
        if (!id.matches()) {
            throw new LinkException("link '%s': id=%s is not VENDOR:DEVICE, each of up to four hexadecimal digits".formatted(uri,
                    uri.options().get("id")));
        }
        long bar = uri.number("bar").orElse(0);
        if (bar < 0 || bar > LAST_BAR) {
            throw new LinkException("link '%s': there is no BAR %d; there are 0 to %d".formatted(uri, bar, LAST_BAR));
        }
        return new RdlOptions(map, (int) bar, Integer.parseInt(id.group(1), 16), Integer.parseInt(id.group(2), 16));
    }

    private static AddressMap compile(LinkUri uri) {
        RdlCompiler compiler = new RdlCompiler().add(path(uri, uri.target()));
        elements(uri, "include").forEach(folder -> compiler.includePath(path(uri, folder)));
        elements(uri, "define").forEach(define -> {
            String[] parts = define.split("=", 2);
            compiler.define(parts[0], parts.length > 1 ? parts[1] : "");
        });
        elements(uri, "param").forEach(parameter -> {
            String[] parts = parameter.split("=", 2);
            if (parts.length < 2) {
                throw new LinkException("link '%s': param=%s gives no value".formatted(uri, parameter));
            }
            compiler.parameter(parts[0], parts[1]);
        });
        uri.option("top").ifPresent(compiler::top);
        Compilation compilation = compiler.compile();
        if (!compilation.succeeded()) {
            throw new LinkException("link '%s': %s does not compile:%n%s".formatted(uri, uri.target(), errors(compilation)));
        }
        return only(uri, compilation.maps());
    }

    private static AddressMap only(LinkUri uri, Map<String, AddressMap> maps) {
        if (maps.size() == 1) {
            return maps.values().iterator().next();
        }
        throw new LinkException(maps.isEmpty()
                ? "link '%s': there is no address map in %s".formatted(uri, uri.target())
                : "link '%s': %s has several address maps; choose by top=: %s".formatted(uri, uri.target(),
                        String.join(", ", maps.keySet())));
    }

    private static String errors(Compilation compilation) {
        List<Diagnostic> errors = compilation.diagnostics().stream().filter(Diagnostic::isError).toList();
        String shown = errors.stream().limit(MOST_ERRORS).map(Diagnostic::render).map(String::stripTrailing)
                .collect(Collectors.joining("\n"));
        return errors.size() > MOST_ERRORS ? shown + "\nand " + (errors.size() - MOST_ERRORS) + " more" : shown;
    }

    private static List<String> elements(LinkUri uri, String option) {
        return uri.option(option).map(value -> List.of(value.split(","))).orElse(List.of());
    }

    private static Path path(LinkUri uri, String text) {
        try {
            if (!text.isEmpty()) {
                return Path.of(text);
            }
        } catch (InvalidPathException e) {
            // told below, like an empty one
        }
        throw new LinkException("link '%s': '%s' is no path; write rdl:FILE, for example rdl:chip.rdl?top=chip".formatted(uri, text));
    }
}
