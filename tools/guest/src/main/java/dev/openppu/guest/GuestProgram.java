package dev.openppu.guest;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What is run in a guest.
 *
 * @param modules jars and folders of classes, the guest's module path
 * @param classes folders of classes, the guest's class path: they see every module
 * @param main {@code module/class}, or a class of the class path
 * @param arguments given to it
 * @param files more files in the guest, by their path there without the first slash
 * @param devices that it is given
 * @param memory of the guest
 * @param timeout for the guest from power-on to power-off
 */
public record GuestProgram(List<Path> modules, List<Path> classes, String main, List<String> arguments, Map<String, Path> files,
        List<GuestDevice> devices, GuestMemory memory, Duration timeout) {
    public GuestProgram {
        modules = List.copyOf(modules);
        classes = List.copyOf(classes);
        arguments = List.copyOf(arguments);
        files = Map.copyOf(files);
        devices = List.copyOf(devices);
    }
}
