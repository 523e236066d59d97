package dev.openppu.harness.bringup;

import dev.openppu.abi.packet.AqlHeader;
import dev.openppu.abi.packet.BarrierPacket;
import dev.openppu.abi.packet.CopyPacket;
import dev.openppu.abi.packet.FillPacket;
import dev.openppu.abi.packet.TimestampPacket;
import dev.openppu.abi.packet.WaitValuePacket;
import dev.openppu.abi.packet.WriteValuePacket;
import dev.openppu.harness.Case;
import dev.openppu.harness.Rule;
import dev.openppu.harness.bench.RawQueue;
import dev.openppu.harness.bench.Workshop;
import java.util.ArrayList;
import java.util.List;

/** Addresses in packets that are not aligned as they have to be, and ones that need no more alignment than they have. */
final class AlignmentCases {
    private static final int NONE = AqlHeader.SCOPE_NONE;
    private static final int SYSTEM = AqlHeader.SCOPE_SYSTEM;
    private static final int PAGE = 4096;
    private static final Rule RULE = Rule.guide(5,
            "Signals, lists and time stamps are 8-byte aligned, values and fills to their own width; a packet that is not is refused");

    private AlignmentCases() {}

    static List<Case> cases() {
        return List.of(
                BadPacket.refused("misaligned-signals", "Misaligned completion signals and dependencies", RULE, signals()),
                Case.of("queues.bad.misaligned", "Misaligned operands", RULE, bench -> {
                    try (Workshop shop = bench.workshop()) {
                        shop.host(0, PAGE);
                        SoundPacket.take(shop, PacketKinds.ALL);
                        SoundPacket.take(shop, aligned());
                    }
                    BadPacket.refuse(bench, operands());
                }));
    }

    private static List<BadPacket> signals() {
        List<BadPacket> all = new ArrayList<>();
        for (SoundPacket kind : PacketKinds.ALL) {
            for (int by : new int[]{1, 2, 4}) {
                all.add(kind.with("completion signal %d bytes off".formatted(by), AqlHeader.COMPLETION_SIGNAL_OFFSET,
                        Workshop.SIGNALS + 64 + by));
            }
        }
        for (SoundPacket kind : List.of(PacketKinds.BARRIER_AND, PacketKinds.BARRIER_OR)) {
            for (int i = 0; i < BarrierPacket.DEPENDENCIES; i++) {
                for (int by : new int[]{1, 4}) {
                    all.add(kind.with("dependency %d %d bytes off".formatted(i, by), BarrierPacket.DEPENDENCY_OFFSET + i * Long.BYTES,
                            Workshop.HOST + by));
                }
            }
        }
        return all;
    }

    private static List<BadPacket> operands() {
        List<BadPacket> all = new ArrayList<>();
        for (int by : new int[]{1, 2, 4}) {
            all.add(PacketKinds.LIST.with("list %d bytes off".formatted(by), CopyPacket.SOURCE_OFFSET, Workshop.HOST + 64 + by));
            all.add(PacketKinds.TIMESTAMP.with("address %d bytes off".formatted(by), TimestampPacket.ADDRESS_OFFSET, Workshop.HOST + by));
        }
        for (int by : new int[]{1, 2}) {
            all.add(bad("32-bit wait-value", by, PacketKinds.WAIT_VALUE.word(), waiting(0, by)));
            all.add(bad("32-bit write-value", by, PacketKinds.WRITE_VALUE.word(), writing(0, by)));
            all.add(bad("fill of 32-bit elements", by, PacketKinds.FILL.word(), filling(4, by)));
        }
        for (int by : new int[]{1, 2, 4}) {
            all.add(bad("64-bit wait-value", by, PacketKinds.WAIT_VALUE.word(), waiting(WaitValuePacket.FLAG_64_BIT, by)));
            all.add(bad("64-bit write-value", by, PacketKinds.WRITE_VALUE.word(), writing(WriteValuePacket.FLAG_64_BIT, by)));
        }
        all.add(bad("fill of 16-bit elements", 1, PacketKinds.FILL.word(), filling(2, 1)));
        return all;
    }

    /** Addresses that are aligned to what they have to be, and to no more. */
    private static List<SoundPacket> aligned() {
        return List.of(
                SoundPacket.of("copy from and to odd addresses", CopyPacket.word(false, NONE, SYSTEM),
                        (ring, at) -> CopyPacket.encode(ring, at, 0, Workshop.HOST + 1, Workshop.HOST + 67, 5, 0)),
                SoundPacket.of("fill of bytes at an odd address", PacketKinds.FILL.word(), filling(1, 1)),
                SoundPacket.of("fill of 16-bit elements at an even address", PacketKinds.FILL.word(), filling(2, 2)),
                SoundPacket.of("fill of 32-bit elements 4 bytes off", PacketKinds.FILL.word(), filling(4, 4)),
                SoundPacket.of("32-bit wait-value 4 bytes off", PacketKinds.WAIT_VALUE.word(), waiting(0, 4)),
                SoundPacket.of("64-bit wait-value 8 bytes off", PacketKinds.WAIT_VALUE.word(), waiting(WaitValuePacket.FLAG_64_BIT, 8)),
                SoundPacket.of("32-bit write-value 4 bytes off", PacketKinds.WRITE_VALUE.word(), writing(0, 4)),
                SoundPacket.of("64-bit write-value 8 bytes off", PacketKinds.WRITE_VALUE.word(), writing(WriteValuePacket.FLAG_64_BIT, 8)));
    }

    private static BadPacket bad(String what, int by, int word, RawQueue.Body body) {
        return new BadPacket("%s, %d bytes off".formatted(what, by), word, body);
    }

    private static RawQueue.Body waiting(int control, int by) {
        return (ring, at) -> WaitValuePacket.encode(ring, at, control, Workshop.HOST + 256 + by, 0, 0);
    }

    private static RawQueue.Body writing(int control, int by) {
        return (ring, at) -> WriteValuePacket.encode(ring, at, control, Workshop.HOST + 512 + by, 0, 0);
    }

    private static RawQueue.Body filling(int element, int by) {
        return (ring, at) -> FillPacket.encode(ring, at, element, 0, Workshop.HOST + 768 + by, 3, 0);
    }
}
