package dev.openppu.system;

import dev.openppu.driver.Compare;
import dev.openppu.driver.Context;
import dev.openppu.driver.PinnedBuffer;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.Stream;

/** Has a stream wait for a value that nobody writes, says so, and does nothing more until it is ended. */
final class WaitingProcess {
    private WaitingProcess() {}

    public static void main(String[] arguments) throws InterruptedException {
        Ppu ppu = Ppu.open("model:zw810e");
        Context context = ppu.createContext();
        Stream stream = context.createStream();
        PinnedBuffer value = context.allocatePinned(64);
        stream.waitValue32(value, 0, Compare.EQUAL, 1);
        Thread.sleep(2000); // compilers come to rest
        System.out.println(IdleProcess.READY);
        Thread.sleep(Long.MAX_VALUE);
    }
}
