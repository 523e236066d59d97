package dev.openppu.guest;

import java.nio.file.Path;
import java.util.List;

/**
 * A device that a guest gets, bound to vfio-pci there.
 *
 * @param address its PCI address in the guest
 * @param options of QEMU's, that add it
 */
public record GuestDevice(String address, List<String> options) {
    public GuestDevice {
        options = List.copyOf(options);
    }

    /** QEMU's educational device. */
    public static GuestDevice edu() {
        return new GuestDevice("0000:00:10.0", List.of("-device", "edu,addr=0x10"));
    }

    /** QEMU's NVMe controller with one namespace. */
    public static GuestDevice nvme(Path disk, String serial) {
        return new GuestDevice("0000:00:11.0", List.of("-drive", "id=disk,if=none,format=raw,file=" + quoted(disk), "-device",
                "nvme,addr=0x11,drive=disk,serial=" + serial));
    }

    /** What a server of the vfio-user protocol serves, at a root port of its own. The server listens already. */
    public static GuestDevice vfioUser(Path socket) {
        return new GuestDevice("0000:01:00.0", List.of("-device", "pcie-root-port,id=root1,addr=0x12,chassis=1,slot=1", "-device",
                "{\"driver\":\"vfio-user-pci\",\"bus\":\"root1\",\"socket\":{\"type\":\"unix\",\"path\":\"%s\"}}".formatted(
                        socket.toString().replace("\\", "\\\\").replace("\"", "\\\""))));
    }

    /** QEMU ends a value at a comma, unless there are two. */
    private static String quoted(Path file) {
        return file.toString().replace(",", ",,");
    }
}
