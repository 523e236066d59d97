package dev.openppu.hal.vfiouser;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.LinkUri;
import dev.openppu.hal.dma.DmaAccess;
import dev.openppu.hal.dma.DmaMapping;
import dev.openppu.hal.pci.PciRegister;
import dev.openppu.hal.posix.socket.UnixSocket;
import dev.openppu.hal.record.Kind;
import dev.openppu.hal.record.RecordedEvent;
import dev.openppu.hal.record.RecordingLink;
import dev.openppu.hal.record.RecordingReader;
import dev.openppu.hal.vfiouser.RemoteDmaSpace.ByMessages;
import dev.openppu.hal.vfiouser.protocol.Command;
import dev.openppu.hal.vfiouser.protocol.RegionAccess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A link to a server, recorded: what the server does to host memory stands where it happened. */
@Timeout(60)
class RecordedVfioUserLinkTest {
    private static final long TAKE = 0x20;
    private static final int TAKEN_FROM = 0x28;
    private static final int SEEN = 0x30;

    @TempDir
    Path folder;

    /** A server that takes what the host has left for it, and clears it, while it answers a read of one register or carries out a write of it. */
    private static Map<Command, ScriptedServer.Handler> taking() {
        return Map.of(Command.REGION_READ, (server, header, payload, _) -> {
            take(server, RegionAccess.decode(payload, 64));
            server.answerRead(header, payload);
        }, Command.REGION_WRITE, (server, header, payload, _) -> {
            take(server, RegionAccess.decodeWithData(payload, 64));
            server.write(header, payload);
        });
    }

    private static void take(ScriptedServer server, RegionAccess access) {
        if (access.region() == 0 && access.offset() == TAKE) {
            long iova = server.registers.get(JAVA_LONG, TAKEN_FROM);
            server.registers.set(JAVA_INT, SEEN, server.dmaRead(iova, Integer.BYTES)[0]);
            server.dmaWrite(iova, new byte[Integer.BYTES], false);
        }
    }

    private List<RecordedEvent> record(boolean byReading) {
        Path file = folder.resolve("a.rec");
        UnixSocket.Pair pair = UnixSocket.pair();
        try (ScriptedServer server = new ScriptedServer(pair.second(), taking());
                DeviceLink link = RecordingLink.open(new LinkUri("vfio-user", "test", Map.of("record", file.toString())),
                        _ -> new VfioUserLink(new VfioUserLink.Settings("vfio-user:test", 1, TimeUnit.SECONDS.toNanos(20),
                                ByMessages.CALLERS_OR_OBSERVED, false), pair.first()))) {
            link.config().write16(PciRegister.Header.COMMAND,
                    PciRegister.Command.MEMORY_SPACE_ENABLE | PciRegister.Command.BUS_MASTER_ENABLE);
            link.bar(2); // is mapped, so that every write to a register is waited for
            DmaMapping mapping = link.dma().allocate(4096, DmaAccess.BOTH);
            assertThat(server.files).as("descriptors of host memory at the server").isEmpty();
            link.bar(0).write64(TAKEN_FROM, mapping.iova());
            mapping.memory().set(JAVA_INT, 0, 0x5A);
            if (byReading) {
                link.bar(0).read32(TAKE);
            } else {
                link.bar(0).write32(TAKE, 1);
            }
            assertThat(link.bar(0).read32(SEEN)).isEqualTo(0x5A);
            assertThat(mapping.memory().get(JAVA_INT, 0)).isZero();
        }
        List<RecordedEvent> events = new ArrayList<>();
        try (RecordingReader reader = new RecordingReader(file)) {
            for (RecordedEvent event = reader.next(); event != null; event = reader.next()) {
                events.add(event);
            }
            assertThat(reader.ending()).isEmpty();
            assertThat(reader.info().seenDma()).isTrue();
        }
        return events;
    }

    private static List<Kind> around(List<RecordedEvent> events, Kind taking) {
        return events.stream()
                .filter(event -> event.kind() == taking && event.place() == TAKE
                        || event.kind() == Kind.HOST_WRITE && event.content()[0] == 0x5A
                        || event.kind() == Kind.DMA_READ || event.kind() == Kind.DMA_WRITE)
                .map(RecordedEvent::kind).toList();
    }

    @Test
    void whatTheDeviceFoundAndWroteOverInOneCallIsWhatTheHostHadWritten() {
        assertThat(around(record(true), Kind.READ)).containsExactly(Kind.HOST_WRITE, Kind.DMA_READ, Kind.DMA_WRITE, Kind.READ);
    }

    @Test
    void aWriteStandsBeforeWhatItCauses() {
        assertThat(around(record(false), Kind.WRITE)).containsExactly(Kind.HOST_WRITE, Kind.WRITE, Kind.DMA_READ, Kind.DMA_WRITE);
    }
}
