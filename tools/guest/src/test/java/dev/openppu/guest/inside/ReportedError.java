package dev.openppu.guest.inside;

import static dev.openppu.guest.inside.KernelPathsProgram.say;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** An uncorrectable error at the function, by the kernel's own injector ({@code struct aer_error_inj}): the driver's waits end. */
record ReportedError(String ppu) {
    private static final int INJECTION_BYTES = 32;
    private static final int COMPLETION_TIMEOUT = 1 << 14;

    void run() throws IOException, InterruptedException {
        int status = new ProcessBuilder("/bin/busybox", "insmod", "/injector.ko.xz").inheritIO().start().waitFor();
        say("injector: status %d", status);
        say("error: %s", StuckStream.endedBy("vfio:" + ppu + "?timescale=4", this::inject));
        StuckStream.requireOpenable("vfio:" + ppu);
        say("after the error it can be opened");
    }

    private void inject() {
        ByteBuffer injection = ByteBuffer.allocate(INJECTION_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        injection.put(0, (byte) Integer.parseInt(ppu.substring(5, 7), 16));
        injection.putInt(4, COMPLETION_TIMEOUT);
        try {
            Files.write(Path.of("/dev/aer_inject"), injection.array());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
