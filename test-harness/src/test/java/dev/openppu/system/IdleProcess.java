package dev.openppu.system;

import dev.openppu.driver.Context;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.Stream;

/** Opens a device with contexts and streams that have all been used, says so, and does nothing more until it is ended. */
final class IdleProcess {
    static final String READY = "ready";
    private static final int CONTEXTS = 4;
    private static final int STREAMS = 50;

    private IdleProcess() {}

    public static void main(String[] arguments) throws InterruptedException {
        Ppu ppu = Ppu.open("model:zw810e");
        for (int c = 0; c < CONTEXTS; c++) {
            Context context = ppu.createContext();
            for (int s = 0; s < STREAMS; s++) {
                Stream stream = context.createStream();
                DeviceBuffer buffer = context.allocate(64);
                stream.fill8(buffer, 0, (byte) 1, 64);
                stream.done().join(); // so that the watcher's thread is there
            }
        }
        Thread.sleep(2000); // compilers come to rest
        System.out.println(READY);
        Thread.sleep(Long.MAX_VALUE);
    }
}
