package dev.openppu.hal.vfiouser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.LinkException;
import dev.openppu.hal.dma.DmaAccess;
import dev.openppu.hal.mmio.Mmio;
import dev.openppu.hal.pci.PciRegister;
import dev.openppu.hal.posix.HostMemory;
import dev.openppu.hal.posix.socket.UnixSocket;
import dev.openppu.hal.vfiouser.RemoteDmaSpace.ByMessages;
import dev.openppu.hal.vfiouser.ScriptedServer.Handler;
import dev.openppu.hal.vfiouser.protocol.Command;
import dev.openppu.hal.vfiouser.protocol.DeviceInfo;
import dev.openppu.hal.vfiouser.protocol.DmaTransfer;
import dev.openppu.hal.vfiouser.protocol.Header;
import dev.openppu.hal.vfiouser.protocol.IrqInfo;
import dev.openppu.hal.vfiouser.protocol.PeerCapabilities;
import dev.openppu.hal.vfiouser.protocol.RegionAccess;
import dev.openppu.hal.vfiouser.protocol.RegionInfo;
import dev.openppu.hal.vfiouser.protocol.Version;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Servers that break the protocol, or go, or say nothing: the link ends with its own exception, soon, and nothing hangs. */
@Timeout(60)
class HostileServerTest {
    private static final long SOON_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static DeviceLink open(ScriptedServer[] server, Map<Command, Handler> script, long patienceMillis) {
        UnixSocket.Pair pair = UnixSocket.pair();
        server[0] = new ScriptedServer(pair.second(), script);
        return new VfioUserLink(
                new VfioUserLink.Settings("vfio-user:test", 1, TimeUnit.MILLISECONDS.toNanos(patienceMillis), ByMessages.CALLERS, false),
                pair.first());
    }

    private static byte[] message(int id, int command, int size, int flags, int payload) {
        MemorySegment bytes = Arena.ofAuto().allocate(Header.BYTES + payload);
        new Header(id, command, size, flags, 0).encode(bytes);
        return bytes.toArray(ValueLayout.JAVA_BYTE);
    }

    private static Arguments at(Command command, String what, Handler handler) {
        return Arguments.of(what, command, handler);
    }

    static Stream<Arguments> atTheBegin() {
        return Stream.of(
                at(Command.VERSION, "another major version", (s, h, _, _) -> s.answer(h, new Version(1, 0, PeerCapabilities.DEFAULTS))),
                at(Command.VERSION, "a later minor version", (s, h, _, _) -> s.answer(h, new Version(0, 7, PeerCapabilities.DEFAULTS))),
                at(Command.VERSION, "no version at all", (s, h, _, _) -> s.answer(h)),
                at(Command.VERSION, "text that is not JSON", (s, h, _, _) -> s.raw(message(h.id(), 1, 24, 1, 8))),
                at(Command.VERSION, "a refusal", (s, h, _, _) -> s.raw(message(h.id(), 1, 16, 0x21, 0))),
                at(Command.VERSION, "another id", (s, h, _, _) -> s.answer(new Header(h.id() ^ 0x40, 1, 16, 0, 0),
                        new Version(0, 0, PeerCapabilities.DEFAULTS))),
                at(Command.VERSION, "another command's reply", (s, h, _, _) -> s.answer(new Header(h.id(), 4, 16, 0, 0),
                        new Version(0, 0, PeerCapabilities.DEFAULTS))),
                at(Command.VERSION, "a size below the header's", (s, h, _, _) -> s.raw(message(h.id(), 1, 15, 1, 0))),
                at(Command.VERSION, "4 GiB", (s, h, _, _) -> s.raw(message(h.id(), 1, -1, 1, 0))),
                at(Command.VERSION, "more than was allowed", (s, h, _, _) -> s.raw(message(h.id(), 1, 8192, 1, 8176))),
                at(Command.VERSION, "a type that is none", (s, h, _, _) -> s.raw(message(h.id(), 1, 16, 7, 0))),
                at(Command.VERSION, "an end", (s, _, _, _) -> s.socket.shutdown()),
                at(Command.VERSION, "an end within the header", (s, _, _, _) -> {
                    s.raw(new byte[7]);
                    s.socket.shutdown();
                }),
                at(Command.VERSION, "an end within the payload", (s, h, _, _) -> {
                    s.raw(message(h.id(), 1, 100, 1, 20));
                    s.socket.shutdown();
                }),
                at(Command.DEVICE_GET_INFO, "no PCI device", (s, h, _, _) -> s.answer(h, new DeviceInfo(16, 0, 9, 5))),
                at(Command.DEVICE_GET_INFO, "no config space", (s, h, _, _) -> s.answer(h, new DeviceInfo(16, DeviceInfo.PCI, 7, 5))),
                at(Command.DEVICE_GET_INFO, "half an answer", (s, h, _, _) -> s.raw(message(h.id(), 4, 24, 1, 8))),
                at(Command.DEVICE_GET_REGION_INFO, "another region",
                        (s, h, _, _) -> s.answer(h, new RegionInfo(32, 3, 5, 4096, 0, List.of()))),
                at(Command.DEVICE_GET_REGION_INFO, "a small config space", (s, h, p, _) -> s.answer(h,
                        new RegionInfo(32, 3, RegionInfo.decode(p).index(), 64, 0, List.of()))),
                at(Command.DEVICE_GET_REGION_INFO, "a negative size", (s, h, p, _) -> s.answer(h,
                        new RegionInfo(32, 3, RegionInfo.decode(p).index(), -1, 0, List.of()))),
                at(Command.DEVICE_GET_REGION_INFO, "a list that needs 2 GiB", (s, h, p, _) -> s.answer(h,
                        new RegionInfo(Integer.MAX_VALUE, 3, RegionInfo.decode(p).index(), 4096, 0, List.of()))),
                at(Command.DEVICE_GET_IRQ_INFO, "more vectors than there are", (s, h, _, _) -> s.answer(h, new IrqInfo(16, 1, 2, 2000))),
                at(Command.REGION_READ, "too few bytes", (s, h, p, _) -> s.reply(h, RegionAccess.decode(p, 8), MemorySegment.NULL)),
                at(Command.REGION_READ, "another offset", (s, h, p, _) -> {
                    RegionAccess a = RegionAccess.decode(p, 8);
                    s.reply(h, new RegionAccess(a.offset() + 4, a.region(), a.count()), Arena.ofAuto().allocate(a.count()));
                }),
                at(Command.REGION_READ, "another count", (s, h, p, _) -> {
                    RegionAccess a = RegionAccess.decode(p, 8);
                    s.reply(h, new RegionAccess(a.offset(), a.region(), a.count() - 1), Arena.ofAuto().allocate(a.count() - 1));
                }),
                at(Command.REGION_READ, "a reply twice", (s, h, p, _) -> {
                    s.answerRead(h, p);
                    s.answerRead(h, p);
                }),
                at(Command.REGION_READ, "a transfer that wraps", (s, _, _, _) -> {
                    byte[] bytes = message(9, 12, Header.BYTES + DmaTransfer.BYTES, 0, DmaTransfer.BYTES);
                    Arrays.fill(bytes, Header.BYTES, Header.BYTES + 8, (byte) -1);
                    bytes[Header.BYTES + 8] = 2;
                    s.raw(bytes);
                }),
                at(Command.REGION_READ, "a transfer without its data", (s, _, _, _) -> {
                    byte[] bytes = message(9, 12, Header.BYTES + DmaTransfer.BYTES, 0, DmaTransfer.BYTES);
                    bytes[Header.BYTES + 8] = 8;
                    s.raw(bytes);
                }));
    }

    @ParameterizedTest(name = "{1} is answered with {0}")
    @MethodSource("atTheBegin")
    void whatBreaksTheProtocolEndsTheLink(String what, Command command, Handler handler) {
        ScriptedServer[] server = new ScriptedServer[1];
        long begin = System.nanoTime();
        assertThatThrownBy(() -> open(server, Map.of(command, handler), 20_000)).as(what).isInstanceOf(LinkException.class)
                .hasMessageContaining("vfio-user:test");
        assertThat(System.nanoTime() - begin).isLessThan(10 * SOON_NANOS);
        server[0].close();
    }

    @Test
    void aCommandThatNobodyKnowsIsAnsweredSo() {
        ScriptedServer[] server = new ScriptedServer[1];
        int[] errors = new int[1];
        Handler strange = (s, h, p, _) -> {
            if (errors[0] == 0) {
                s.raw(message(5, 99, Header.BYTES + 4, 0, 4));
                errors[0] = s.reply().error();
                s.raw(message(5, 99, Header.BYTES, Header.NO_REPLY, 0));
            }
            s.answerRead(h, p);
        };
        try (DeviceLink link = open(server, Map.of(Command.REGION_READ, strange), 20_000)) {
            assertThat(link.config().read32(0)).isEqualTo(0x11e81234);
            assertThat(errors[0]).isEqualTo(95); // EOPNOTSUPP
        }
        server[0].close();
    }

    /** One that runs, takes what it is sent and says nothing. */
    @Test
    void aServerThatDoesNotAnswerIsLostWhenPatienceEnds() {
        ScriptedServer[] server = new ScriptedServer[1];
        boolean[] silent = new boolean[1];
        Handler read = (s, h, p, _) -> {
            if (!silent[0]) {
                s.answerRead(h, p);
            }
        };
        try (DeviceLink link = open(server, Map.of(Command.REGION_READ, read), 300)) {
            silent[0] = true;
            long begin = System.nanoTime();
            assertThat(link.config().read32(0)).isEqualTo(-1);
            assertThat(System.nanoTime() - begin).isLessThan(20 * SOON_NANOS);
            assertThatThrownBy(() -> link.dma().allocate(4096, DmaAccess.BOTH)).isInstanceOf(ServerLostException.class)
                    .hasMessageContaining("has not answered");
        }
        server[0].close();
    }

    @Test
    void aServerThatNeverSpeaksIsNotWaitedForForEver() {
        ScriptedServer[] server = new ScriptedServer[1];
        assertThatThrownBy(() -> open(server, Map.of(Command.VERSION, (_, _, _, _) -> {}), 300)).isInstanceOf(ServerLostException.class)
                .hasMessageContaining("has not answered").hasMessageContaining("serves another client");
        server[0].close();
    }

    static Stream<Named<Consumer<UnixSocket>>> waysToGo() {
        return Stream.of(Named.of("closed", UnixSocket::shutdown), Named.of("sends no more", UnixSocket::shutdownSending),
                Named.of("takes nothing more", UnixSocket::shutdownReceiving));
    }

    @ParameterizedTest
    @MethodSource("waysToGo")
    void aServerThatGoesIsADeviceThatWasPulledOut(Consumer<UnixSocket> goes) {
        ScriptedServer[] server = new ScriptedServer[1];
        try (DeviceLink link = open(server, Map.of(), 20_000)) {
            link.config().write16(PciRegister.Header.COMMAND, 6);
            Mmio registers = link.bar(0);
            Mmio memory = link.bar(2);
            link.interrupts().enable(2);
            memory.write64(0, 5);
            long before = link.interrupts().delivered(1);
            Thread ending = Thread.ofPlatform().start(() -> {
                pause();
                goes.accept(server[0].socket);
            });
            long begin = System.nanoTime();
            assertThat(link.runtime().await(() -> link.interrupts().delivered(1) != before, link.runtime().deadline(20 * SOON_NANOS)))
                    .isTrue();
            assertThat(registers.read64(8)).isEqualTo(-1);
            assertThat(registers.read8(8)).isEqualTo((byte) -1);
            assertThat(memory.read64(0)).isEqualTo(-1);
            assertThat(link.config().read16(0)).isEqualTo(0xffff);
            registers.write32(0, 1);
            memory.write32(0, 1);
            assertThatThrownBy(() -> link.runtime().await(() -> false, link.runtime().deadline(20 * SOON_NANOS)))
                    .isInstanceOf(LinkException.class)
                    .hasMessageContaining("lost");
            assertThat(System.nanoTime() - begin).isLessThan(SOON_NANOS);
            assertThatThrownBy(() -> link.dma().allocate(4096, DmaAccess.BOTH)).isInstanceOf(ServerLostException.class);
            join(ending);
        }
        server[0].close();
    }

    private static void pause() {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** It asks for megabytes and never reads an answer: replies to the client's own commands still come through, and the client can be closed. */
    @Test
    void aServerThatAsksAndDoesNotReadHoldsUpNobody() {
        ScriptedServer[] server = new ScriptedServer[1];
        boolean[] asked = new boolean[1];
        CountDownLatch closed = new CountDownLatch(1);
        Handler read = (s, h, p, _) -> {
            if (!asked[0] && RegionAccess.decode(p, 8).region() == 0) {
                asked[0] = true;
                for (int i = 0; i < 64; i++) {
                    s.ask(0x5000_0000L, 1 << 19);
                }
                s.answerRead(h, p);
                await(closed); // it would read the first of the answers next
            } else {
                s.answerRead(h, p);
            }
        };
        try (DeviceLink link = open(server, Map.of(Command.REGION_READ, read), 20_000); Arena arena = Arena.ofShared()) {
            link.config().write16(PciRegister.Header.COMMAND, 6);
            link.dma().map(arena.allocate(1 << 19, HostMemory.pageSize()), 0x5000_0000L, DmaAccess.BOTH);
            long begin = System.nanoTime();
            assertThat(link.bar(0).read32(4)).isZero();
            assertThat(System.nanoTime() - begin).isLessThan(10 * SOON_NANOS);
            link.close();
        } finally {
            closed.countDown();
        }
        server[0].close();
    }

    /** Commands that wait in another thread end too. */
    @Test
    void whoWaitsWhenTheServerGoesComesBack() throws InterruptedException {
        ScriptedServer[] server = new ScriptedServer[1];
        boolean[] silent = new boolean[1];
        Handler read = (s, h, p, _) -> {
            if (!silent[0]) {
                s.answerRead(h, p);
            }
        };
        try (DeviceLink link = open(server, Map.of(Command.REGION_READ, read), 20_000)) {
            silent[0] = true;
            List<Thread> waiting = Stream.generate(() -> Thread.ofPlatform().start(() -> link.config().read32(0))).limit(80).toList();
            Thread.sleep(100);
            server[0].socket.shutdown();
            for (Thread thread : waiting) {
                assertThat(thread.join(Duration.ofSeconds(10))).isTrue();
            }
        }
        server[0].close();
    }
}
