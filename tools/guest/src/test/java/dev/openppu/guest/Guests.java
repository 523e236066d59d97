package dev.openppu.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.lang.module.ResolvedModule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Runs programs in guests for tests. */
final class Guests {
    private static final Path LOGS = Path.of(System.getProperty("guest.logs", "target/guest"));

    private Guests() {}

    /** The user's image; where there can be none, the test is skipped with one line. */
    static GuestImage image(GuestCache cache) {
        try {
            return GuestImage.in(cache);
        } catch (GuestUnavailableException e) {
            System.out.println("guest tests are skipped: " + e.getMessage());
            return abort(e.getMessage());
        }
    }

    /** A folder of this test's, which remains. */
    static Path folder(String name) throws IOException {
        return Files.createDirectories(LOGS.resolve(name).toAbsolutePath());
    }

    /** A module's program. Everything that the guest said is in the message of what fails, and in files. */
    static GuestResult run(String name, String main, List<String> arguments, List<GuestDevice> devices, Duration longest)
            throws IOException, InterruptedException {
        return good(name, main, new Guest(image(GuestCache.ofUser())).run(new GuestProgram(modules(main.substring(0, main.indexOf('/'))),
                List.of(), main, arguments, Map.of(), devices, GuestMemory.SHARED, longest), folder(name)));
    }

    /** A program of these tests'. */
    static GuestResult run(String name, Class<?> main, List<String> arguments, List<GuestDevice> devices, Duration longest)
            throws IOException, InterruptedException {
        return run(name, main, arguments, devices, GuestMemory.SHARED, longest, Map.of());
    }

    /** A program of these tests', with memory and files of its own. */
    static GuestResult run(String name, Class<?> main, List<String> arguments, List<GuestDevice> devices, GuestMemory memory,
            Duration longest,
            Map<String, Path> files) throws IOException, InterruptedException {
        return good(name, main.getName(), new Guest(image(GuestCache.ofUser())).run(new GuestProgram(modules("dev.openppu.harness"),
                List.of(place(main)), main.getName(), arguments, files, devices, memory, longest), folder(name)));
    }

    static GuestResult good(String name, String main, GuestResult result) throws IOException {
        assertThat(result.status()).as("%s in %s\n%s\n%s", main, folder(name), result.output(), result.console()).isZero();
        return result;
    }

    /** The folder or jar that a class is in. */
    static Path place(Class<?> type) {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath());
    }

    /** A module and all that it requires, as far as the runtime does not have it. */
    static List<Path> modules(String root) {
        String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Path[] entries = Arrays.stream(path.split(File.pathSeparator)).map(Path::of).filter(Files::exists).filter(Guests::module)
                .toArray(Path[]::new);
        return Configuration.empty().resolve(ModuleFinder.of(entries), ModuleFinder.ofSystem(), Set.of(root)).modules().stream()
                .map(ResolvedModule::reference).map(module -> module.location().orElseThrow())
                .filter(location -> location.getScheme().equals("file")).map(Path::of).toList();
    }

    private static boolean module(Path entry) {
        return Files.isRegularFile(entry) || Files.exists(entry.resolve("module-info.class"));
    }

    /** What a file holds that the guest sent back. */
    static byte[] file(GuestResult result, String name) {
        return Optional.ofNullable(result.files().get(name)).orElseThrow(() -> new AssertionError("no file " + name + " came back"));
    }
}
