package dev.openppu.guest.inside;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What a guest is asked of a PPU: {@code PpuProgram DDDD:BB:DD.F}. Leaves what the kernel found as files, by their names in sysfs. */
public final class PpuProgram {
    private static final List<String> FOUND = List.of("vendor", "device", "class", "revision", "subsystem_vendor", "subsystem_device",
            "resource", "config", "reset_method");

    private PpuProgram() {}

    public static void main(String[] arguments) throws IOException {
        String address = arguments[0];
        Path function = Path.of("/sys/bus/pci/devices", address);
        for (String name : FOUND) {
            Files.write(Path.of(name), Files.readAllBytes(function.resolve(name)));
        }
        Files.writeString(Path.of("driver"), Files.readSymbolicLink(function.resolve("driver")).getFileName().toString());
        UnmappedProgram.main("vfio:" + address);
        SuiteProgram.main(new String[]{"vfio:" + address + "?timescale=4"});
    }
}
