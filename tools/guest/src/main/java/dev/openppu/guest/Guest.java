package dev.openppu.guest;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.module.ModuleFinder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Runs a Java program in a guest: an emulated PC with VT-d and an unmodified Debian kernel, which gives devices to the program through VFIO. Where QEMU is killed nothing is left but
 * the files in the folder that it was given.
 */
public final class Guest {
    private static final int MEMORY_MIB = 1536;
    private static final String MACHINE = "q35,kernel-irqchip=split";
    /** Hot-plug is the ports' own, not ACPI's, which leaves their link-active bit off: after a reset of the bus a kernel waits for that bit. */
    private static final List<String> HARDWARE = List.of("-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
            "-accel", "tcg,thread=multi", "-smp", "2", "-m", MEMORY_MIB + "M", "-cpu", "qemu64",
            "-global", "ICH9-LPC.acpi-pci-hotplug-with-bridge-support=off",
            "-device", "intel-iommu,intremap=on,caching-mode=on");
    private static final String KERNEL_OPTIONS = "console=ttyS0 intel_iommu=on no_timer_check panic=-1";
    private static final List<String> NATIVE_MODULES = List.of("dev.openppu.hal", "dev.openppu.hal.jna", "com.sun.jna");
    private static final String STATUS = "status";

    private final GuestImage image;

    public Guest(GuestImage image) {
        this.image = image;
    }

    /**
     * Runs a program.
     *
     * @param folder is given the guest's file system, {@code console.log}, {@code output.log} and {@code files.cpio}: they remain
     */
    public GuestResult run(GuestProgram program, Path folder) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        Path initramfs = folder.resolve("initramfs.cpio");
        writeInitramfs(program, initramfs);
        Process qemu = start(program, initramfs, folder);
        boolean ended = false;
        try {
            ended = qemu.waitFor(program.timeout().toMillis(), TimeUnit.MILLISECONDS);
        } finally {
            qemu.destroyForcibly().waitFor();
            Files.deleteIfExists(initramfs);
        }
        return result(folder, ended);
    }

    private void writeInitramfs(GuestProgram program, Path initramfs) throws IOException {
        Files.copy(image.base(), initramfs, StandardCopyOption.REPLACE_EXISTING);
        try (OutputStream out = Files.newOutputStream(initramfs, StandardOpenOption.APPEND);
                CpioArchive archive = new CpioArchive(out)) {
            archive.file("init", CpioArchive.PROGRAM, resource("init.sh"));
            archive.file("run/arguments", CpioArchive.FILE, lines(arguments(program)));
            archive.file("run/bind", CpioArchive.FILE, lines(program.devices().stream().map(GuestDevice::address).toList()));
            for (int i = 0; i < program.modules().size(); i++) {
                Path module = program.modules().get(i);
                if (Files.isDirectory(module)) {
                    archive.tree("app/" + i, module);
                } else {
                    archive.file("app/" + module.getFileName(), module);
                }
            }
            for (int i = 0; i < program.classes().size(); i++) {
                archive.tree("classes/" + i, program.classes().get(i));
            }
            for (Map.Entry<String, Path> file : program.files().entrySet()) {
                archive.file(file.getKey(), file.getValue());
            }
        }
    }

    /** Of the Java launcher. */
    private static List<String> arguments(GuestProgram program) {
        List<String> words = new ArrayList<>(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto",
                "--enable-native-access=" + nativeModules(program), "--module-path", "/app"));
        if (program.main().contains("/")) {
            words.addAll(List.of("--module", program.main()));
        } else {
            String classes = IntStream.range(0, program.classes().size()).mapToObj(i -> "/classes/" + i).collect(Collectors.joining(":"));
            words.addAll(List.of("--add-modules", "ALL-MODULE-PATH", "--class-path", classes, program.main()));
        }
        words.addAll(program.arguments());
        return words;
    }

    /** Those that call native code, as far as they are there. */
    private static String nativeModules(GuestProgram program) {
        ModuleFinder finder = ModuleFinder.of(program.modules().toArray(Path[]::new));
        return NATIVE_MODULES.stream().filter(name -> finder.find(name).isPresent()).collect(Collectors.joining(","));
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = Guest.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("no resource " + name);
            }
            return in.readAllBytes();
        }
    }

    private static byte[] lines(List<String> lines) {
        return (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private Process start(GuestProgram program, Path initramfs, Path folder) throws IOException {
        HostPrograms programs = image.programs();
        List<String> words = programs.program("qemu-system-x86_64");
        for (String data : List.of("usr/share/qemu", "usr/share/seabios", "usr/lib/ipxe/qemu")) {
            words.addAll(List.of("-L", programs.root().resolve(data).toString()));
        }
        words.addAll(program.memory().options(MACHINE, MEMORY_MIB));
        words.addAll(HARDWARE);
        words.addAll(List.of("-kernel", image.kernel().toString(), "-initrd", initramfs.toString(), "-append", KERNEL_OPTIONS));
        for (String port : List.of("console.log", "output.log", "files.cpio")) {
            words.addAll(List.of("-serial", "file:" + folder.resolve(port)));
        }
        program.devices().forEach(device -> words.addAll(device.options()));
        ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(folder.resolve("qemu.log").toFile());
        builder.environment().put("QEMU_MODULE_DIR", programs.libraries().resolve("qemu").toString());
        Process process = builder.start();
        process.getOutputStream().close();
        return process;
    }

    private static GuestResult result(Path folder, boolean ended) throws IOException {
        String console = text(folder.resolve("qemu.log")) + text(folder.resolve("console.log"));
        String output = text(folder.resolve("output.log"));
        Map<String, byte[]> files = new TreeMap<>();
        int status = -1;
        if (ended) {
            try {
                CpioReader.files(Files.readAllBytes(folder.resolve("files.cpio")))
                        .forEach((name, content) -> files.put(plain(name), content));
                status = Integer.parseInt(new String(files.remove(STATUS), StandardCharsets.US_ASCII).strip());
            } catch (IOException | RuntimeException e) {
                console += "the guest sent back no whole archive of its files: " + e + "\n";
            }
        } else {
            console += "the guest did not end in time\n";
        }
        return new GuestResult(status, output, console, files);
    }

    private static String plain(String name) {
        return name.startsWith("./") ? name.substring(2) : name;
    }

    private static String text(Path file) throws IOException {
        return Files.exists(file) ? Files.readString(file, StandardCharsets.ISO_8859_1) : "";
    }
}
