package dev.openppu.guest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Fetches and unpacks Debian packages with an apt root of its own: nothing is installed, nothing of the machine's own package state is read or written, and root is not needed.
 * The mirror is the one that the machine's apt is configured with.
 */
final class DebianPackages {
    private static final String RELEASE = "trixie";
    private static final String BACKPORTS = RELEASE + "-backports";
    private static final String KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";
    private static final Duration LONGEST = Duration.ofMinutes(5);

    private final Path root;

    /** Where the machine's own packages come from. */
    private record Mirror(String address, String release) {}

    /** From the machine's mirror. */
    DebianPackages(Path root) throws IOException, GuestUnavailableException {
        this(root, mirror().address);
    }

    /** @param root an empty folder */
    DebianPackages(Path root, String mirror) throws IOException, GuestUnavailableException {
        this(root, mirror, List.of("deb"), List.of(RELEASE, BACKPORTS));
    }

    /** Packages, and sources of packages, of the release that the machine runs: what is compiled with them runs on it. */
    static DebianPackages ofTheMachine(Path root) throws IOException, GuestUnavailableException {
        Mirror mirror = mirror();
        return new DebianPackages(root, mirror.address, List.of("deb", "deb-src"), List.of(mirror.release));
    }

    private DebianPackages(Path root, String mirror, List<String> kinds, List<String> suites)
            throws IOException, GuestUnavailableException {
        this.root = root;
        Files.createDirectories(root.resolve("state/lists/partial"));
        Files.createDirectories(root.resolve("cache/archives/partial"));
        Files.writeString(root.resolve("status"), "");
        List<String> sources = new ArrayList<>();
        for (String suite : suites) {
            kinds.forEach(kind -> sources.add("%s [arch=amd64 signed-by=%s] %s %s main".formatted(kind, KEYRING, mirror, suite)));
        }
        Files.write(root.resolve("sources.list"), sources);
        apt("apt-get", "-q", "update");
    }

    private static Mirror mirror() throws GuestUnavailableException {
        String targets = Command.of(LONGEST, "apt-get", "indextargets", "--format", "$(REPO_URI) $(ORIGIN) $(CODENAME)",
                "Created-By: Packages").succeed().text();
        return targets.lines().map(line -> line.split(" ", -1)).filter(words -> words.length == 3 && words[1].equals("Debian"))
                .filter(words -> !words[2].contains("-")).map(words -> new Mirror(words[0], words[2])).findFirst().orElseThrow(
                        () -> new GuestUnavailableException("apt is configured with no mirror of Debian; add one to its sources"));
    }

    private Command.Outcome apt(String program, String... more) throws GuestUnavailableException {
        List<String> words = new ArrayList<>(List.of(program));
        for (String option : List.of("Dir::State=" + root.resolve("state"), "Dir::State::status=" + root.resolve("status"),
                "Dir::Cache=" + root.resolve("cache"), "Dir::Etc::sourcelist=" + root.resolve("sources.list"),
                "Dir::Etc::sourceparts=/dev/null", "Dir::Etc::preferencesparts=/dev/null", "APT::Architecture=amd64",
                "APT::Architectures=amd64", "APT::Install-Recommends=false", "APT::Sandbox::User=root", "Acquire::Languages=none",
                "Acquire::Retries=2")) {
            words.addAll(List.of("-o", option));
        }
        words.addAll(List.of(more));
        return new Command(words, root.resolve("cache/archives"), LONGEST).succeed();
    }

    /** Unpacks packages, and all that these depend on, into a folder; backports are preferred. */
    void unpackWithDependencies(Path folder, String... packages) throws IOException, GuestUnavailableException {
        List<String> words = new ArrayList<>(List.of("-q", "-y", "--download-only", "-t", BACKPORTS, "install"));
        words.addAll(List.of(packages));
        apt("apt-get", words.toArray(String[]::new));
        unpackFetched(folder);
    }

    /** Unpacks packages without what they depend on. */
    void unpack(Path folder, String... packages) throws IOException, GuestUnavailableException {
        List<String> words = new ArrayList<>(List.of("-q", "download"));
        words.addAll(List.of(packages));
        apt("apt-get", words.toArray(String[]::new));
        unpackFetched(folder);
    }

    /** Unpacks a folder of a package's source, as its authors published it, into a folder. */
    void unpackSource(Path folder, String source, String inside) throws IOException, GuestUnavailableException {
        apt("apt-get", "-q", "source", "--download-only", source);
        Files.createDirectories(folder);
        try (Stream<Path> files = Files.list(root.resolve("cache/archives"))) {
            Path archive = files.filter(file -> file.getFileName().toString().contains(".orig.tar.")).findFirst()
                    .orElseThrow(() -> new GuestUnavailableException("the source of %s has no archive of its authors'".formatted(source)));
            Command.of(LONGEST, "tar", "-xf", archive.toString(), "-C", folder.toString(), "--strip-components="
                    + (1 + inside.split("/", -1).length), "--wildcards", "*/" + inside + "/*").succeed();
        }
    }

    private void unpackFetched(Path folder) throws IOException, GuestUnavailableException {
        Files.createDirectories(folder);
        List<Path> fetched;
        try (Stream<Path> files = Files.list(root.resolve("cache/archives"))) {
            fetched = files.filter(file -> file.toString().endsWith(".deb")).toList();
        }
        for (Path file : fetched) {
            Command.of(LONGEST, "dpkg-deb", "-x", file.toString(), folder.toString()).succeed();
            Files.delete(file);
        }
    }

    /** The first package that a package of no content stands for. */
    String meant(String metapackage) throws GuestUnavailableException {
        return apt("apt-cache", "depends", metapackage).text().lines().map(String::strip).filter(line -> line.startsWith("Depends: "))
                .map(line -> line.substring("Depends: ".length())).findFirst()
                .orElseThrow(() -> new GuestUnavailableException("the package %s stands for no other".formatted(metapackage)));
    }
}
