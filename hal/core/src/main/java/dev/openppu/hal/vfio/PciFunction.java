package dev.openppu.hal.vfio;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * A PCI function as the kernel shows it in sysfs. Looks when it is asked; what has gone meanwhile is absent, not an error.
 *
 * @param sysfs {@code /sys}, or what stands for it
 * @param address {@code DDDD:BB:DD.F}
 */
record PciFunction(Path sysfs, String address) {
    private static final Pattern ADDRESS = Pattern.compile("[0-9a-f]{4,8}:[0-9a-f]{2}:[0-1][0-9a-f]\\.[0-7]");
    private static final int BRIDGE = 0x06;

    /** Whether that is an address; sysfs has no entry of another form. */
    static boolean isAddress(String text) {
        return ADDRESS.matcher(text).matches();
    }

    /** All of them, by address; none where the system shows none. */
    static List<PciFunction> all(Path sysfs) {
        String[] names = sysfs.resolve("bus/pci/devices").toFile().list();
        return names == null
                ? List.of()
                : Arrays.stream(names).filter(PciFunction::isAddress).sorted().map(name -> new PciFunction(sysfs, name))
                        .toList();
    }

    Path folder() {
        return sysfs.resolve("bus/pci/devices").resolve(address);
    }

    boolean present() {
        return Files.isDirectory(folder());
    }

    /** Vendor and device, {@code 1ded:6001}. */
    String ids() {
        return "%04x:%04x".formatted(number("vendor"), number("device"));
    }

    /** 24 bits: class, subclass, interface. */
    int classCode() {
        return number("class");
    }

    boolean bridge() {
        return classCode() >>> 16 == BRIDGE;
    }

    private int number(String file) {
        try {
            return Integer.decode(Files.readString(folder().resolve(file)).strip());
        } catch (IOException | NumberFormatException e) {
            return 0;
        }
    }

    /** The driver that it is bound to. */
    Optional<String> driver() {
        return target("driver");
    }

    /** Its IOMMU group. */
    OptionalInt group() {
        return target("iommu_group").map(name -> OptionalInt.of(Integer.parseInt(name))).orElse(OptionalInt.empty());
    }

    private Optional<String> target(String link) {
        try {
            return Optional.of(Files.readSymbolicLink(folder().resolve(link)).getFileName().toString());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The other functions of its IOMMU group. */
    List<PciFunction> neighbours() {
        String[] names = new File(folder().toFile(), "iommu_group/devices").list();
        return names == null
                ? List.of()
                : Arrays.stream(names).filter(name -> isAddress(name) && !name.equals(address)).sorted()
                        .map(name -> new PciFunction(sysfs, name)).toList();
    }

    /** The name of its own file under {@code /dev/vfio/devices}, where the kernel has those. */
    Optional<String> deviceFile() {
        String[] names = folder().resolve("vfio-dev").toFile().list();
        return names == null || names.length == 0 ? Optional.empty() : Optional.of(names[0]);
    }
}
