package dev.openppu.model.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.hal.posix.EventDescriptor;
import dev.openppu.hal.posix.file.SharedMemory;
import dev.openppu.hal.vfiouser.protocol.Command;
import dev.openppu.hal.vfiouser.protocol.DmaMap;
import dev.openppu.hal.vfiouser.protocol.IrqSet;
import dev.openppu.hal.vfiouser.protocol.PciIrq;
import dev.openppu.hal.vfiouser.server.ServerEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class ReconnectTest {
    private static final long PAGE = 4096;
    private static final int CONNECTIONS = 1000;

    @TempDir
    private Path folder;

    /** What the process holds: descriptors, mappings of memory that was passed, threads of servers. */
    private record Holdings(long descriptors, long mappings, long threads) {
        static Holdings now() throws IOException {
            try (Stream<Path> open = Files.list(Path.of("/proc/self/fd")); Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
                return new Holdings(open.count(), maps.filter(line -> line.contains("memfd:openppu-test")).count(),
                        Thread.getAllStackTraces()
                                .keySet().stream().filter(thread -> thread.getName().startsWith("ppu-serve")).count());
            }
        }
    }

    @Test
    @Timeout(240)
    void aThousandClientsThatDieLeaveNothing() throws IOException {
        try (ServedDevice served = new ServedDevice(folder)) {
            visit(served, 0);
            visit(served, 1);
            ServedDevice.await("the first clients' ends", () -> served.left().size() == 2);
            Holdings before = Holdings.now();
            for (int i = 2; i < CONNECTIONS; i++) {
                visit(served, i);
            }
            ServedDevice.await("the last client's end", () -> served.left().size() == CONNECTIONS);
            assertThat(Holdings.now()).isEqualTo(before);
            assertThat(served.events).noneMatch(ServerEvent.Trouble.class::isInstance);
        }
    }

    /** Maps memory by descriptor and by messages, takes interrupts, has the device at work, and goes without a word, some of them in the middle of a message. */
    private static void visit(ServedDevice served, int round) {
        try (RawClient client = ServedDevice.enabled(served.client());
                SharedMemory memory = SharedMemory.create("openppu-test", PAGE);
                EventDescriptor event = new EventDescriptor()) {
            client.ask(Command.DMA_MAP, new DmaMap(3, 0, 0x10000, PAGE), memory.descriptor().number());
            client.ask(Command.DEVICE_SET_IRQS, IrqSet.of(IrqSet.DATA_EVENTFD | IrqSet.TRIGGER, PciIrq.MSIX, 0, 1), event.number());
            if (round % 2 == 1) {
                client.ask(Command.DMA_MAP, new DmaMap(3, 0, 0x20000, PAGE));
                served.device.run(() -> served.device.host.read(0x20000, served.device.zeros(64)));
            }
            if (round % 3 == 0) {
                client.sendBytes(new byte[]{1, 0, 9}, 0, 3);
            }
        }
    }
}
