package dev.openppu.hal.vfio;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Why a function cannot be opened now, and the command that mends it. Looks only: nothing is bound, nothing changed.
 *
 * @param dev {@code /dev}, or what stands for it
 */
record Obstacles(Path dev) {
    static final String DRIVER = "vfio-pci";

    /** The first one in the way, in one line; empty if it should open. */
    Optional<String> of(PciFunction function) {
        if (!function.present()) {
            return Optional.of("there is no such function; see lspci -D");
        }
        if (function.group().isEmpty()) {
            return Optional.of(
                    "it has no IOMMU group: enable VT-d or AMD-Vi in the firmware's set-up and boot with intel_iommu=on or amd_iommu=on");
        }
        return driver(function).or(() -> neighbour(function)).or(() -> permission(function));
    }

    private static Optional<String> driver(PciFunction function) {
        Optional<String> driver = function.driver();
        if (driver.filter(DRIVER::equals).isPresent()) {
            return Optional.empty();
        }
        return Optional.of(driver.map(name -> "driver %s has it".formatted(name)).orElse("it has no driver") + ": " + bind(function));
    }

    /** As root; what the function had is told to let go of it first. */
    private static String bind(PciFunction function) {
        String device = "/sys/bus/pci/devices/" + function.address();
        String unbind = function.driver().isEmpty() ? "" : " && echo %s > %s/driver/unbind".formatted(function.address(), device);
        return "modprobe vfio-pci && echo vfio-pci > %s/driver_override%s && echo %s > /sys/bus/pci/drivers_probe".formatted(device, unbind,
                function.address());
    }

    private static Optional<String> neighbour(PciFunction function) {
        String others = function.neighbours().stream().filter(other -> !other.bridge())
                .filter(other -> other.driver().filter(name -> !name.equals(DRIVER)).isPresent())
                .map(other -> "%s (%s)".formatted(other.address(), other.driver().orElse(""))).collect(Collectors.joining(", "));
        return others.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "its IOMMU group %d is shared with %s: bind those to vfio-pci, or to nothing, too".formatted(
                                function.group().orElseThrow(),
                                others));
    }

    private Optional<String> permission(PciFunction function) {
        Path file = dev.resolve("vfio").resolve(Integer.toString(function.group().orElseThrow()));
        if (!Files.exists(file)) {
            return function.deviceFile().isPresent()
                    ? Optional.empty()
                    : Optional.of("there is no %s: modprobe vfio-pci".formatted(file));
        }
        if (!Files.isReadable(file) || !Files.isWritable(file)) {
            return Optional.of("no permission for %s: sudo chown %s %1$s".formatted(file, System.getProperty("user.name")));
        }
        return Optional.empty();
    }
}
