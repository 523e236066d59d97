package dev.openppu.cli.command;

import dev.openppu.cli.BadInputException;
import dev.openppu.cli.ExitStatus;
import dev.openppu.guest.Guest;
import dev.openppu.guest.GuestCache;
import dev.openppu.guest.GuestDevice;
import dev.openppu.guest.GuestImage;
import dev.openppu.guest.GuestMemory;
import dev.openppu.guest.GuestProgram;
import dev.openppu.guest.GuestResult;
import dev.openppu.guest.GuestUnavailableException;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ppu guest}: a command of ppu's in an emulated PC with an IOMMU, where a kernel's VFIO gives it devices. */
@Command(name = "guest", sortOptions = false, description = "Runs a ppu command in a Linux guest under QEMU that has an IOMMU and devices bound to vfio-pci. QEMU, kernel and all are fetched as Debian packages once, and nothing is installed.", footerHeading = "%nExamples:%n", footer = {
    "  ppu guest list", "  ppu guest --with /tmp/ppu.sock bringup --device vfio:0000:01:00.0",
    "%nDevices: edu at 0000:00:10.0, nvme at 0000:00:11.0, what a vfio-user server serves at 0000:01:00.0."})
final class GuestCommand implements Callable<Integer> {
    private static final String MAIN = "dev.openppu.cli/dev.openppu.cli.Main";
    private static final int DISK_BYTES = 16 << 20;

    private final Invocation invocation;

    @Option(names = "--with", order = 1, paramLabel = "DEVICE", description = "edu, nvme, or the socket of a vfio-user server (a path with a slash); may be repeated. Default: edu and nvme.")
    private List<String> devices = new ArrayList<>();

    @Option(names = "--private-memory", order = 4, description = "The guest's memory is QEMU's own: a vfio-user server cannot map it, and has to ask for each access.")
    private boolean privateMemory;

    @Option(names = "--timeout", order = 2, paramLabel = "SECONDS", description = "Longest that the guest may run; default 300.")
    private int seconds = 300;

    @Option(names = "--logs", order = 3, paramLabel = "FOLDER", description = "Keep the guest's console there, and the files that the command wrote.")
    private Path logs = Path.of("");

    @Parameters(arity = "1..*", paramLabel = "COMMAND", description = "The ppu command and its options.")
    private List<String> command = new ArrayList<>();

    private GuestCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    /** Everything behind the command's name is the command's. */
    static CommandLine commandLine(Invocation invocation) {
        return new CommandLine(new GuestCommand(invocation)).setStopAtPositional(true);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        boolean keep = !logs.toString().isEmpty();
        Path folder = keep ? Files.createDirectories(logs).toAbsolutePath() : Files.createTempDirectory("ppu-guest");
        try {
            GuestProgram program = program(folder); // what is wrong with it need not wait for packages
            return report(new Guest(image()).run(program, folder), folder);
        } finally {
            if (!keep) {
                remove(folder);
            }
        }
    }

    private static GuestImage image() {
        try {
            return GuestImage.in(GuestCache.ofUser());
        } catch (GuestUnavailableException e) {
            throw new BadInputException("no guest can be had: " + e.getMessage(), e);
        }
    }

    private GuestProgram program(Path folder) throws IOException {
        List<GuestDevice> given = new ArrayList<>();
        for (String name : devices.isEmpty() ? List.of("edu", "nvme") : devices) {
            given.add(device(name, folder));
        }
        return new GuestProgram(modules(), List.of(), MAIN, command, Map.of(), given,
                privateMemory ? GuestMemory.PRIVATE : GuestMemory.SHARED, Duration.ofSeconds(Math.max(1, seconds)));
    }

    private static GuestDevice device(String name, Path folder) throws IOException {
        if (name.contains("/")) {
            return GuestDevice.vfioUser(socket(name));
        }
        return switch (name) {
            case "edu" -> GuestDevice.edu();
            case "nvme" -> GuestDevice.nvme(Files.write(folder.resolve("disk.img"), new byte[DISK_BYTES]), "ppu");
            default -> throw new BadInputException(
                    "--with %s: there are edu, nvme and sockets, which are written with a slash".formatted(name));
        };
    }

    private static Path socket(String name) {
        Path path = Path.of(name).toAbsolutePath();
        if (!Files.exists(path) || Files.isDirectory(path) || Files.isRegularFile(path)) {
            throw new BadInputException(
                    "--with %s: there is no socket; serve a device there first: ppu serve --socket %s".formatted(name, name));
        }
        return path;
    }

    /** What this process runs from. */
    private static List<Path> modules() throws IOException {
        String path = System.getProperty("jdk.module.path", "");
        List<Path> modules = new ArrayList<>();
        for (String entry : path.split(File.pathSeparator, -1)) {
            Path place = Path.of(entry);
            if (entry.isEmpty()) {
                continue;
            }
            if (Files.isDirectory(place) && !Files.exists(place.resolve("module-info.class"))) {
                try (Stream<Path> jars = Files.list(place)) {
                    jars.filter(jar -> jar.toString().endsWith(".jar")).forEach(modules::add);
                }
            } else {
                modules.add(place);
            }
        }
        if (modules.isEmpty()) {
            throw new BadInputException("ppu does not run from modules here: start it by ./ppu");
        }
        return modules;
    }

    private int report(GuestResult result, Path folder) throws IOException {
        invocation.out().print(result.output());
        invocation.out().flush();
        if (result.status() < 0) {
            invocation.terminal().err().println(result.console());
            return ExitStatus.FAILED;
        }
        for (Map.Entry<String, byte[]> file : result.files().entrySet()) {
            Path place = folder.resolve(file.getKey()).normalize();
            if (place.startsWith(folder)) {
                Files.createDirectories(place.getParent());
                Files.write(place, file.getValue());
            }
        }
        return result.status();
    }

    private static void remove(Path folder) throws IOException {
        List<Path> all;
        try (Stream<Path> files = Files.walk(folder)) {
            all = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : all) {
            Files.delete(file);
        }
    }
}
