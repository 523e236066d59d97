package dev.openppu.model.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.hal.posix.EventDescriptor;
import dev.openppu.hal.posix.file.SharedMemory;
import dev.openppu.hal.vfiouser.protocol.Command;
import dev.openppu.hal.vfiouser.protocol.DmaMap;
import dev.openppu.hal.vfiouser.protocol.Header;
import dev.openppu.hal.vfiouser.protocol.IrqInfo;
import dev.openppu.hal.vfiouser.protocol.IrqSet;
import dev.openppu.hal.vfiouser.protocol.PciIrq;
import dev.openppu.hal.vfiouser.protocol.PciRegion;
import dev.openppu.hal.vfiouser.protocol.PeerCapabilities;
import dev.openppu.hal.vfiouser.protocol.RegionAccess;
import dev.openppu.hal.vfiouser.protocol.RegionInfo;
import dev.openppu.hal.vfiouser.protocol.Version;
import dev.openppu.hal.vfiouser.server.ServerEvent;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What breaks the protocol's rules is disconnected with a reason, and the next client finds a device that works. */
@Timeout(120)
class HostileClientTest {
    private static final long PAGE = 4096;

    @TempDir
    private Path folder;

    private ServedDevice served;

    @BeforeEach
    void serve() {
        served = new ServedDevice(folder);
    }

    @AfterEach
    void end() {
        served.close();
    }

    private void assertDisconnected(String reason, Consumer<RawClient> does) {
        int before = served.left().size();
        try (RawClient client = served.client()) {
            does.accept(client);
            while (client.tryReceive() != null) {
                // what was answered before
            }
        }
        ServedDevice.await("the server's reason", () -> served.left().size() > before);
        ServerEvent.Left left = served.left().get(before);
        assertThat(left.reason()).contains(reason);
        assertThat(left.violation()).isTrue();
        try (RawClient next = served.client()) {
            assertThat(next.read(PciRegion.CONFIG, 0, 2)).as("the server goes on").isEqualTo(0x1ded);
        }
        ServedDevice.await("the next client's end", () -> served.left().size() == before + 2);
    }

    private static byte[] hex(String bytes) {
        return HexFormat.of().parseHex(bytes.replace(" ", ""));
    }

    private static Consumer<RawClient> sending(String bytes) {
        return client -> client.sendBytes(hex(bytes), 0, hex(bytes).length);
    }

    @Test
    void lengthsThatCannotBe() {
        assertDisconnected("has a size of 15 bytes", sending("0100 0900 0f000000 00000000 00000000"));
        assertDisconnected("has a size of 4294967295 bytes", sending("0100 0900 ffffffff 00000000 00000000"));
        assertDisconnected("payload of 4 bytes", sending("0100 0900 14000000 00000000 00000000 01020304"));
        assertDisconnected("an access of 8 bytes",
                sending("0100 0a00 24000000 00000000 00000000 0000000000000000 00000000 08000000 01020304"));
        assertDisconnected("2147483648 bytes; 1048576 are agreed upon",
                sending("0100 0900 20000000 00000000 00000000 0000000000000000 07000000 00000080"));
        assertDisconnected("has type 7", sending("0100 0900 20000000 07000000 00000000"));
        assertDisconnected("payload of 1 bytes, not 0", sending("0100 0d00 11000000 00000000 00000000 00"));
    }

    @Test
    void indicesThatCannotBe() {
        assertDisconnected("there is no region 9",
                client -> client.send(Command.DEVICE_GET_REGION_INFO, RegionInfo.ask(32, 9), RawClient.NOTHING,
                        false));
        assertDisconnected("there is no kind 4294967295 of interrupt",
                client -> client.send(Command.DEVICE_GET_IRQ_INFO, new IrqInfo(16, 0, -1, 0), RawClient.NOTHING, false));
        assertDisconnected("vectors 69 to 70; there are 70",
                client -> client.send(Command.DEVICE_SET_IRQS, IrqSet.of(IrqSet.DATA_NONE | IrqSet.MASK,
                        PciIrq.MSIX, 69, 2), RawClient.NOTHING, false));
    }

    @Test
    void descriptorsOfTheWrongKind() throws IOException {
        try (SharedMemory memory = SharedMemory.create("openppu-test", PAGE); EventDescriptor event = new EventDescriptor()) {
            int file = memory.descriptor().number();
            assertDisconnected("a descriptor that is no eventfd", client -> client.send(Command.DEVICE_SET_IRQS,
                    IrqSet.of(IrqSet.DATA_EVENTFD | IrqSet.TRIGGER, PciIrq.MSIX, 0, 1), RawClient.NOTHING, false, file));
            assertDisconnected("2 descriptors for 1 vectors", client -> client.send(Command.DEVICE_SET_IRQS,
                    IrqSet.of(IrqSet.DATA_EVENTFD | IrqSet.TRIGGER, PciIrq.MSIX, 0, 1), RawClient.NOTHING, false, event.number(),
                    event.number()));
            assertDisconnected("a descriptor that is no memory", client -> client.send(Command.DMA_MAP, new DmaMap(3, 0, 0x10000, PAGE),
                    RawClient.NOTHING, false, event.number()));
            assertDisconnected("are not in a file of 0x1000", client -> client.send(Command.DMA_MAP, new DmaMap(3, 0, 0x10000, 2 * PAGE),
                    RawClient.NOTHING, false, file));
            assertDisconnected("comes with 1 descriptors; it takes 0",
                    client -> client.send(Command.DEVICE_RESET, null, RawClient.NOTHING, true, file));
            assertDisconnected("more than 8 descriptors", client -> client.send(Command.DEVICE_RESET, null, RawClient.NOTHING, true, Stream
                    .generate(() -> file).limit(70).mapToInt(Integer::intValue).toArray()));
        }
    }

    @Test
    void rangesThatWrap() {
        assertDisconnected("wraps", client -> client.send(Command.DMA_MAP, new DmaMap(3, 0, -PAGE, 2 * PAGE), RawClient.NOTHING, false));
        assertDisconnected("wraps", client -> client.send(Command.REGION_READ, new RegionAccess(-1, 0, 8), RawClient.NOTHING, false));
    }

    @Test
    void aHandshakeThatIsNone() {
        try (RawClient client = new RawClient(served.socket)) {
            client.send(Command.DEVICE_RESET, null, RawClient.NOTHING, false);
            assertThat(client.receive().errno()).isNotZero();
            assertThat(client.tryReceive()).isNull();
        }
        ServedDevice.await("its end", () -> !served.left().isEmpty());
        assertThat(served.left().getFirst().reason()).contains("DEVICE_RESET 1 comes before VERSION");
        assertDisconnected("VERSION comes a second time",
                client -> client.send(Command.VERSION, new Version(0, 0, PeerCapabilities.DEFAULTS),
                        RawClient.NOTHING, false));
        assertDisconnected("goes from server to client", sending("0100 0b00 20000000 00000000 00000000 0000000000000000 0800000000000000"));
    }

    /** Whoever connects and says nothing, or half a message, must not keep others out for ever. */
    @Test
    void halfAMessageAndThenNothing() {
        assertDisconnected("no whole message for 5 s", sending("0100 0900 20000000"));
        try (RawClient silent = new RawClient(served.socket)) {
            assertThat(silent.tryReceive()).isNull();
        }
    }

    /** Half a message is none: ten who begin one, or say nothing at all, do not delay who speaks, not even while another is served. */
    @Test
    void whoSaysNothingKeepsNobodyWaiting() {
        List<RawClient> silent = new ArrayList<>();
        try (RawClient first = served.client()) {
            for (int i = 0; i < 10; i++) {
                silent.add(new RawClient(served.socket));
                if (i % 2 == 0) {
                    silent.getLast().sendBytes(new byte[]{1, 0, 9}, 0, 3);
                }
            }
            assertThat(first.read(PciRegion.CONFIG, 0, 2)).isEqualTo(0x1ded);
        }
        try (RawClient next = served.client()) {
            assertThat(served.left()).as("only the first has gone").hasSize(1);
            assertThat(next.read(PciRegion.CONFIG, 0, 2)).isEqualTo(0x1ded);
        } finally {
            silent.forEach(RawClient::close);
        }
        ServedDevice.await("the ends of all", () -> served.left().size() == 12);
    }

    /** Where many wait, the one that has been silent for longest goes. */
    @Test
    void aFloodOfSilentClients() {
        List<RawClient> silent = new ArrayList<>();
        try {
            for (int i = 0; i < 100; i++) {
                silent.add(new RawClient(served.socket));
            }
            assertThat(silent.getFirst().tryReceive()).as("the oldest has been sent away").isNull();
            try (RawClient next = served.client()) {
                assertThat(next.read(PciRegion.CONFIG, 0, 2)).isEqualTo(0x1ded);
            }
        } finally {
            silent.forEach(RawClient::close);
        }
        ServedDevice.await("the ends of all", () -> served.left().size() == 101);
        assertThat(served.left()).anySatisfy(left -> assertThat(left.reason()).contains("said nothing", "16 wait"));
    }

    /** Either half of a connection is none. The client is still there, and keeps nobody else out. */
    @Test
    void aClientThatClosesOneDirection() {
        try (RawClient ending = served.client()) {
            ending.endSending();
            assertThat(ending.tryReceive()).as("the server's end").isNull();
            ServedDevice.await("it to be gone", () -> served.left().size() == 1);
            try (RawClient deaf = served.client()) {
                deaf.endReceiving();
                deaf.send(Command.REGION_READ, new RegionAccess(0, PciRegion.CONFIG, 2), RawClient.NOTHING, false);
                ServedDevice.await("it to be gone", () -> served.left().size() == 2);
                try (RawClient next = served.client()) {
                    assertThat(next.read(PciRegion.CONFIG, 0, 2)).isEqualTo(0x1ded);
                }
            }
        }
    }

    /** It asks without end and reads no answer: the socket's buffer is all that it fills. */
    @Test
    void aFloodOfQuestionsWhoseAnswersNobodyReads() {
        int before = served.left().size();
        try (RawClient client = served.client()) {
            byte[] question = hex("0100 0900 20000000 00000000 00000000 0000000000000000 07000000 00100000");
            try {
                for (int i = 0; i < 1_000_000; i++) {
                    client.sendBytes(question, 0, question.length);
                }
                throw new AssertionError("a million questions were taken");
            } catch (dev.openppu.hal.posix.PosixException e) {
                assertThat(e.errno()).isPositive();
            }
        }
        ServedDevice.await("its end", () -> served.left().size() > before);
        assertThat(served.left().get(before).reason()).contains("does not read");
    }

    /** A file that its owner cuts short while the device uses it: requests are refused, and the process lives. */
    @Test
    void aFileThatIsCutShort() throws Exception {
        Path file = folder.resolve("memory");
        Files.write(file, new byte[2 * (int) PAGE]);
        try (RawClient client = ServedDevice.enabled(served.client());
                java.nio.channels.FileChannel channel = java.nio.channels.FileChannel.open(file, java.nio.file.StandardOpenOption.READ,
                        java.nio.file.StandardOpenOption.WRITE)) {
            int descriptor = number(file);
            assertThat(client.ask(Command.DMA_MAP, new DmaMap(3, 0, 0x10000, 2 * PAGE), descriptor).errno()).isZero();
            served.device.run(() -> served.device.register(0x10, served.device.host.write64(0x10000 + PAGE, 810).ok() ? 1 : 2));
            ServedDevice.await("a write", () -> client.read(0, 0x10, 4) == 1);
            assertThat(Files.readAllBytes(file)[(int) PAGE]).isEqualTo((byte) (810 & 0xff));
            channel.truncate(PAGE);
            served.device.run(() -> {
                served.device.host.write64(0x10000 + PAGE, 811);
                served.device.register(0x10, served.device.host.read(0x10000 + PAGE, served.device.zeros(8)).ok() ? 3 : 4);
            });
            ServedDevice.await("a read behind the end", () -> client.read(0, 0x10, 4) == 4);
            assertThat(Files.size(file)).isEqualTo(PAGE);
        }
    }

    /** The descriptor under which this process has a file open. */
    static int number(Path file) throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.filter(link -> {
                try {
                    return Files.readSymbolicLink(link).equals(file.toRealPath());
                } catch (IOException e) {
                    return false;
                }
            }).mapToInt(link -> Integer.parseInt(link.getFileName().toString())).findFirst().orElseThrow();
        }
    }

    /** Messages that are nearly right, by a seed: whatever they lead to, the next client is served. */
    @Test
    void nearlyRightMessagesByASeed() {
        Random random = new Random(810);
        for (int round = 0; round < 400; round++) {
            try (RawClient client = served.client(); EventDescriptor event = new EventDescriptor()) {
                for (int i = 0; i < 6; i++) {
                    byte[] message = nearlyRight(random);
                    client.sendBytes(message, 0, message.length, random.nextInt(4) == 0 ? new int[]{event.number()} : new int[0]);
                }
            } catch (dev.openppu.hal.posix.PosixException e) {
                // it was disconnected before it had sent all
            }
        }
        try (RawClient next = served.client()) {
            assertThat(next.read(PciRegion.CONFIG, 0, 4)).isEqualTo(0x6001_1dedL);
        }
        assertThat(served.events).noneMatch(ServerEvent.Trouble.class::isInstance);
    }

    private static byte[] nearlyRight(Random random) {
        int[] sizes = {0, 4, 16, 20, 24, 32, 33};
        MemorySegment message = MemorySegment.ofArray(new byte[Header.BYTES + sizes[random.nextInt(sizes.length)]]);
        int size = random.nextInt(10) == 0 ? random.nextInt(80) : (int) message.byteSize();
        new Header(random.nextInt(9), random.nextInt(18), size, random.nextInt(8) == 0 ? 1 : random.nextInt(2) << 4, 0).encode(message);
        for (long at = Header.BYTES; at + 4 <= message.byteSize(); at += 4) {
            int[] values = {0, 0, 1, 2, 3, 4, 7, 8, 9, 16, 20, 24, 32, 36, 0x1000, 0x10000, -1, random.nextInt()};
            message.set(ValueLayout.JAVA_INT_UNALIGNED, at, values[random.nextInt(values.length)]);
        }
        return message.toArray(ValueLayout.JAVA_BYTE);
    }
}
