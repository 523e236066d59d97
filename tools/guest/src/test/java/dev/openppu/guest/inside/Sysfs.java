package dev.openppu.guest.inside;

import dev.openppu.hal.pci.PciRegister.Command;
import dev.openppu.hal.pci.PciRegister.Header;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** PCI functions as root handles them. */
final class Sysfs {
    private static final Path PCI = Path.of("/sys/bus/pci");

    private Sysfs() {}

    static Path function(String address) {
        return PCI.resolve("devices").resolve(address);
    }

    static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String driver(String address) throws IOException {
        return Files.readSymbolicLink(function(address).resolve("driver")).getFileName().toString();
    }

    static int group(String address) throws IOException {
        return Integer.parseInt(Files.readSymbolicLink(function(address).resolve("iommu_group")).getFileName().toString());
    }

    static boolean busMaster(String address) throws IOException {
        return (Files.readAllBytes(function(address).resolve("config"))[Header.COMMAND] & Command.BUS_MASTER_ENABLE) != 0;
    }

    /** The kernel takes the function away; returns when its driver has let go of it. */
    static void remove(String address) {
        write(function(address).resolve("remove"), "1");
    }

    /** The kernel looks for what is new. */
    static void rescan() {
        write(PCI.resolve("rescan"), "1");
    }

    static void unbind(String address) {
        write(function(address).resolve("driver/unbind"), address);
    }

    static void bind(String address) {
        write(function(address).resolve("driver_override"), "vfio-pci");
        write(PCI.resolve("drivers_probe"), address);
    }
}
