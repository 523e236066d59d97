package dev.openppu.guest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * What every guest is made of: QEMU, a kernel, and an archive with busybox, the C library, the kernel's VFIO modules and a Java runtime that is linked from the JDK that runs this. Made
 * once, kept in the cache.
 */
public final class GuestImage {
    private static final Duration LONGEST = Duration.ofMinutes(2);
    private static final String JAVA_MODULES = "java.base,java.compiler,java.desktop,java.logging,java.management,java.xml,jdk.jfr,jdk.management,jdk.unsupported";
    private static final List<String> LIBRARIES = List.of("libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0", "librt.so.1",
            "libcap.so.2", "libudev.so.1");
    /** In the order in which they are loaded. */
    private static final List<String> KERNEL_MODULES = List.of("irqbypass", "vfio", "vfio_iommu_type1", "vfio-pci-core", "vfio-pci");

    private final HostPrograms programs;
    private final Path kernel;
    private final Path base;

    private GuestImage(HostPrograms programs, Path kernel, Path base) {
        this.programs = programs;
        this.kernel = kernel;
        this.base = base;
    }

    /**
     * The cache's; what is missing is fetched and made.
     *
     * @throws GuestUnavailableException if it cannot be: no amd64 Linux, no apt, no mirror, no network, no room
     */
    public static GuestImage in(GuestCache cache) throws GuestUnavailableException {
        requireMachine();
        Path packages = cache.part("packages", GuestImage::fetch);
        HostPrograms programs = new HostPrograms(packages.resolve("host"));
        Path made = cache.part("image-%08x".formatted(ingredients().hashCode()),
                folder -> make(folder, packages.resolve("guest"), programs));
        return new GuestImage(programs, made.resolve("vmlinux"), made.resolve("base.cpio"));
    }

    /** An image of others is another image. */
    private static List<Object> ingredients() {
        return List.of(Runtime.version(), System.getProperty("java.home"), JAVA_MODULES, LIBRARIES, KERNEL_MODULES);
    }

    private static void requireMachine() throws GuestUnavailableException {
        if (!System.getProperty("os.name").equals("Linux") || !System.getProperty("os.arch").equals("amd64")) {
            throw new GuestUnavailableException("guests are for Linux on amd64, not for %s on %s".formatted(
                    System.getProperty("os.name"), System.getProperty("os.arch")));
        }
    }

    private static void fetch(Path folder) throws IOException, GuestUnavailableException {
        Path apt = folder.resolve("apt");
        DebianPackages packages = new DebianPackages(apt);
        packages.unpackWithDependencies(folder.resolve("host"), "qemu-system-x86", "zstd");
        packages.unpack(folder.resolve("guest"), packages.meant("linux-image-cloud-amd64"), "busybox-static");
        GuestCache.remove(apt);
    }

    private static void make(Path folder, Path guest, HostPrograms programs) throws IOException, GuestUnavailableException {
        KernelImage.unpack(find(guest.resolve("boot"), "vmlinuz-"), folder.resolve("vmlinux"), programs);
        Path runtime = folder.resolve("java");
        linkRuntime(runtime);
        try (CpioArchive archive = new CpioArchive(Files.newOutputStream(folder.resolve("base.cpio")))) {
            for (String name : List.of("dev", "proc", "sys", "tmp", "out", "usr/bin")) {
                archive.folder(name);
            }
            archive.file("bin/busybox", guest.resolve("usr/bin/busybox"));
            archive.file("lib64/ld-linux-x86-64.so.2", programs.library("ld-linux-x86-64.so.2"));
            for (String library : LIBRARIES) {
                archive.file("lib/x86_64-linux-gnu/" + library, programs.library(library));
            }
            for (int i = 0; i < KERNEL_MODULES.size(); i++) {
                archive.file("modules/%d.ko.xz".formatted(i), find(guest.resolve("usr/lib/modules"), KERNEL_MODULES.get(i) + ".ko.xz"));
            }
            archive.tree("java", runtime);
        }
        GuestCache.remove(runtime);
    }

    /** Of the JDK that runs this: what was tested here runs there. */
    private static void linkRuntime(Path runtime) throws GuestUnavailableException {
        Path jlink = Path.of(System.getProperty("java.home"), "bin", "jlink");
        if (!Files.isExecutable(jlink)) {
            throw new GuestUnavailableException("this Java runtime has no jlink; run with a JDK");
        }
        Command.of(LONGEST, jlink.toString(), "--add-modules", JAVA_MODULES, "--strip-debug", "--no-header-files", "--no-man-pages",
                "--generate-cds-archive", "--output", runtime.toString()).succeed();
    }

    private static Path find(Path folder, String name) throws IOException, GuestUnavailableException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith(name)).findFirst().orElseThrow(
                    () -> new GuestUnavailableException("no %s in the packages".formatted(name)));
        }
    }

    HostPrograms programs() {
        return programs;
    }

    Path kernel() {
        return kernel;
    }

    /** The first part of the guest's file system. */
    Path base() {
        return base;
    }
}
