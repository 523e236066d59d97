package dev.openppu.hal.vfio;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A tree as the kernel's sysfs has it, and the files under /dev that go with it. */
final class FakeSysfs {
    final Path sysfs;
    final Path dev;

    FakeSysfs(Path folder) throws IOException {
        this.sysfs = folder.resolve("sys");
        this.dev = folder.resolve("dev");
        Files.createDirectories(sysfs.resolve("bus/pci/devices"));
        Files.createDirectories(dev.resolve("vfio"));
    }

    Path function(String address, int vendor, int device, int classCode) throws IOException {
        Path folder = Files.createDirectories(sysfs.resolve("bus/pci/devices").resolve(address));
        Files.writeString(folder.resolve("vendor"), "0x%04x\n".formatted(vendor));
        Files.writeString(folder.resolve("device"), "0x%04x\n".formatted(device));
        Files.writeString(folder.resolve("class"), "0x%06x\n".formatted(classCode));
        return folder;
    }

    void driver(String address, String name) throws IOException {
        Path driver = Files.createDirectories(sysfs.resolve("bus/pci/drivers").resolve(name));
        Path link = sysfs.resolve("bus/pci/devices").resolve(address).resolve("driver");
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, driver);
    }

    void group(String address, int number) throws IOException {
        Path group = sysfs.resolve("kernel/iommu_groups/" + number);
        Files.createDirectories(group.resolve("devices"));
        Path function = sysfs.resolve("bus/pci/devices").resolve(address);
        Files.createSymbolicLink(function.resolve("iommu_group"), group);
        Files.createSymbolicLink(group.resolve("devices").resolve(address), function);
    }

    Path groupFile(int number) throws IOException {
        return Files.writeString(dev.resolve("vfio/" + number), "");
    }
}
