package dev.openppu.guest;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * libvfio-user, the reference implementation of vfio-user, compiled from the source that Debian's package of QEMU brings along, with programs on it. Nothing of it is in this repository.
 *
 * @param source its folder
 * @param json headers and library of json-c, which it needs
 */
record Reference(Path source, Path json) {
    private static final Duration LONGEST = Duration.ofMinutes(3);
    private static final Path PROGRAMS = Path.of("src/test/c").toAbsolutePath();
    private static final List<String> LIBRARY = List.of("dma", "irq", "libvfio-user", "migration", "pci", "pci_caps", "tran", "tran_sock");
    /** What its client sample is made of besides itself. */
    private static final List<String> CLIENT = List.of("migration", "tran", "tran_sock");

    /** Fetched once; where it cannot be had, the test is skipped with one line. */
    static Reference fetched() {
        try {
            Command.of(LONGEST, "cc", "--version").succeed();
            Path folder = GuestCache.ofUser().part("libvfio-user", Reference::fetch);
            return new Reference(folder.resolve("source"), folder.resolve("json/usr"));
        } catch (GuestUnavailableException e) {
            System.out.println("tests with the reference implementation are skipped: " + e.getMessage());
            return abort(e.getMessage());
        }
    }

    private static void fetch(Path folder) throws IOException, GuestUnavailableException {
        Path apt = folder.resolve("apt");
        DebianPackages packages = DebianPackages.ofTheMachine(apt);
        packages.unpackSource(folder.resolve("source"), "qemu", "subprojects/libvfio-user");
        packages.unpack(folder.resolve("json"), "libjson-c-dev");
        GuestCache.remove(apt);
    }

    /** A sample of its server library. */
    Path sample(Path folder, String name) throws GuestUnavailableException {
        return compile(folder, source.resolve("samples").resolve(name + ".c"), LIBRARY, Map.of());
    }

    /** A server of ours on its server library. */
    Path server(Path folder, String name) throws GuestUnavailableException {
        return compile(folder, PROGRAMS.resolve(name + ".c"), LIBRARY, Map.of());
    }

    /** A client of ours on its client. */
    Path client(Path folder, String name, Map<String, Long> macros) throws GuestUnavailableException {
        return compile(folder, PROGRAMS.resolve(name + ".c"), CLIENT, macros);
    }

    private Path compile(Path folder, Path program, List<String> parts, Map<String, Long> macros) throws GuestUnavailableException {
        Path result = folder.resolve(program.getFileName().toString().replace(".c", ""));
        List<String> words = new ArrayList<>(List.of("cc", "-O1", "-w", "-D_GNU_SOURCE", "-o", result.toString()));
        for (Path include : List.of(source.resolve("include"), source.resolve("lib"), source.resolve("samples"),
                json.resolve("include"), json.resolve("include/json-c"))) {
            words.add("-I" + include);
        }
        macros.forEach((name, value) -> words.add("-D%s=0x%x".formatted(name, value)));
        words.add(program.toString());
        parts.forEach(part -> words.add(source.resolve("lib").resolve(part + ".c").toString()));
        words.addAll(List.of(json.resolve("lib/x86_64-linux-gnu/libjson-c.a").toString(), "-lpthread"));
        new Command(words, folder, LONGEST).succeed();
        return result;
    }

    /** A server that runs until its client leaves. */
    static Process serve(Path program, Path socket, Path log) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(program.toString(), socket.toString()).redirectErrorStream(true).redirectOutput(log.toFile())
                .start();
        while (!Files.exists(socket)) {
            if (!process.isAlive()) {
                throw new AssertionError(program + " ended: " + Files.readString(log));
            }
            Thread.sleep(10);
        }
        return process;
    }
}
