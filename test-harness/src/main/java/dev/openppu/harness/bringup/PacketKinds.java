package dev.openppu.harness.bringup;

import dev.openppu.abi.packet.AqlHeader;
import dev.openppu.abi.packet.BarrierPacket;
import dev.openppu.abi.packet.CopyPacket;
import dev.openppu.abi.packet.FillPacket;
import dev.openppu.abi.packet.TimestampPacket;
import dev.openppu.abi.packet.WaitValuePacket;
import dev.openppu.abi.packet.WriteValuePacket;
import dev.openppu.harness.bench.RawQueue;
import dev.openppu.harness.bench.Workshop;
import dev.openppu.harness.bringup.SoundPacket.Zeros;
import java.util.List;
import java.util.stream.Stream;

/** A sound packet of every kind but kernel dispatch, whose operands are in the page at {@link Workshop#HOST}, which holds zeros. */
final class PacketKinds {
    private static final int NONE = AqlHeader.SCOPE_NONE;
    private static final int SYSTEM = AqlHeader.SCOPE_SYSTEM;

    static final SoundPacket COPY = new SoundPacket("copy", CopyPacket.word(false, NONE, SYSTEM),
            (ring, at) -> CopyPacket.encode(ring, at, 0, Workshop.HOST, Workshop.HOST + 64, 16, 0), Zeros.words(0x20, 0x28, 0x30));
    static final SoundPacket LIST = new SoundPacket("copy-list", CopyPacket.word(false, NONE, SYSTEM),
            (ring, at) -> CopyPacket.encode(ring, at, CopyPacket.FLAG_SCATTER_GATHER, Workshop.HOST + 64, 0, 1, 0),
            Zeros.words(CopyPacket.DESTINATION_OFFSET, 0x20, 0x28, 0x30));
    static final SoundPacket FILL = new SoundPacket("fill", FillPacket.word(false, NONE, SYSTEM),
            (ring, at) -> FillPacket.encode(ring, at, 4, 0, Workshop.HOST, 16, 0), Zeros.words(0x20, 0x28, 0x30));
    static final SoundPacket WAIT_VALUE = new SoundPacket("wait-value", WaitValuePacket.word(false, SYSTEM, NONE),
            (ring, at) -> WaitValuePacket.encode(ring, at, 0, Workshop.HOST, 0, 0), Zeros.words(0x18, 0x20, 0x28, 0x30));
    static final SoundPacket WRITE_VALUE = new SoundPacket("write-value", WriteValuePacket.word(false, NONE, SYSTEM),
            (ring, at) -> WriteValuePacket.encode(ring, at, 0, Workshop.HOST, 0, 0), Zeros.words(0x18, 0x20, 0x28, 0x30));
    static final SoundPacket TIMESTAMP = new SoundPacket("timestamp", TimestampPacket.word(false, NONE, SYSTEM),
            (ring, at) -> TimestampPacket.encode(ring, at, Workshop.HOST + 128, 0),
            join(new Zeros(0x04, Integer.BYTES), Zeros.words(0x10, 0x18, 0x20, 0x28, 0x30)));
    static final SoundPacket BARRIER_AND = new SoundPacket("barrier-and", BarrierPacket.andWord(false, NONE, SYSTEM),
            (ring, at) -> BarrierPacket.encode(ring, at, 0), join(new Zeros(0x04, Integer.BYTES), Zeros.words(0x30)));
    static final SoundPacket BARRIER_OR = new SoundPacket("barrier-or", BarrierPacket.orWord(false, NONE, SYSTEM), met(),
            join(new Zeros(0x04, Integer.BYTES), Zeros.words(0x30)));

    static final List<SoundPacket> ALL = List.of(COPY, LIST, FILL, WAIT_VALUE, WRITE_VALUE, TIMESTAMP, BARRIER_AND, BARRIER_OR);

    private PacketKinds() {}

    private static RawQueue.Body met() {
        return (ring, at) -> {
            BarrierPacket.encode(ring, at, 0);
            BarrierPacket.dependency(ring, at, 0, Workshop.HOST);
        };
    }

    private static List<Zeros> join(Zeros first, List<Zeros> rest) {
        return Stream.concat(Stream.of(first), rest.stream()).toList();
    }
}
