package dev.openppu.harness.bringup;

import dev.openppu.abi.packet.AqlHeader;
import dev.openppu.abi.packet.CopyPacket;
import dev.openppu.harness.Case;
import dev.openppu.harness.Check;
import dev.openppu.harness.Rule;
import dev.openppu.harness.Stage;
import dev.openppu.harness.SuiteSettings;
import dev.openppu.harness.bench.Bench;
import dev.openppu.harness.bench.RawQueue;
import dev.openppu.harness.bench.Workshop;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** Whole matrices of copies, many under one doorbell, each to a place of its own with guards around. */
final class TransferCases {
    private static final int COPY = CopyPacket.word(false, AqlHeader.SCOPE_SYSTEM, AqlHeader.SCOPE_SYSTEM);
    private static final int BATCH = 128;
    private static final int LARGEST = 4097;
    private static final int LINE = 64;
    private static final int ODD_SIZE = 67;
    private static final int SOURCE_BYTES = 16384;
    private static final long TARGET = 0x100_0000;

    private TransferCases() {}

    private record Transfer(int size, int from, int to) {}

    static Stage stage(SuiteSettings settings) {
        Rule whole = Rule.guide(5, "COPY moves exactly its bytes, at any size and alignment, and touches nothing else");
        List<Transfer> sizes = new ArrayList<>();
        for (int size = 1; size <= LARGEST; size++) {
            sizes.add(new Transfer(size, 0, 0));
        }
        List<Transfer> alignments = new ArrayList<>();
        for (int from = 0; from < LINE; from++) {
            for (int to = 0; to < LINE; to++) {
                alignments.add(new Transfer(ODD_SIZE, from, to));
            }
        }
        List<Case> cases = new ArrayList<>();
        for (boolean toDevice : new boolean[]{true, false}) {
            String way = toDevice ? "to-device" : "to-host";
            cases.add(Case.of("dma.every-size." + way, "Every size from 1 to 4097 bytes, " + way.replace('-', ' '), whole,
                    bench -> transfer(bench, sizes, toDevice)));
            cases.add(Case.of("dma.every-alignment." + way, "Every alignment to 64 bytes of both sides, " + way.replace('-', ' '), whole,
                    bench -> transfer(bench, settings.thorough() ? everySize(alignments) : alignments, toDevice)));
        }
        cases.addAll(BurstCases.cases());
        return new Stage("transfers", "Every size and alignment", cases);
    }

    private static List<Transfer> everySize(List<Transfer> alignments) {
        List<Transfer> all = new ArrayList<>();
        for (int size = 1; size <= 2 * LINE + 1; size++) {
            for (Transfer each : alignments) {
                all.add(new Transfer(size, each.from(), each.to()));
            }
        }
        return all;
    }

    private static void transfer(Bench bench, List<Transfer> transfers, boolean toDevice) {
        int slot = LARGEST + 3 * LINE;
        try (Workshop shop = bench.workshop()) {
            byte[] content = Patterns.bytes(SOURCE_BYTES, 77);
            MemorySegment host = shop.host(0, toDevice ? SOURCE_BYTES : (long) BATCH * slot).memory();
            long device = shop.device(TARGET, toDevice ? (long) BATCH * slot : SOURCE_BYTES);
            if (toDevice) {
                MemorySegment.copy(MemorySegment.ofArray(content), 0, host, 0, SOURCE_BYTES);
            } else {
                shop.space().poke(device, content);
            }
            RawQueue queue = shop.queue();
            for (int begin = 0; begin < transfers.size(); begin += BATCH) {
                List<Transfer> batch = transfers.subList(begin, Math.min(begin + BATCH, transfers.size()));
                int used = LINE + batch.stream().mapToInt(Transfer::size).max().orElse(0) + 2 * LINE;
                guard(shop, host, device, toDevice, batch.size() * used);
                copy(shop, queue, batch, toDevice, used);
                byte[] seen = toDevice
                        ? shop.space().peek(device, batch.size() * used)
                        : host.asSlice(0, (long) batch.size() * used).toArray(ValueLayout.JAVA_BYTE);
                check(batch, content, seen, used);
            }
            bench.note(transfers.size() + " copies");
        }
    }

    private static void guard(Workshop shop, MemorySegment host, long device, boolean toDevice, int bytes) {
        if (toDevice) {
            shop.space().poke(device, Patterns.guards(bytes));
        } else {
            host.asSlice(0, bytes).fill(Patterns.GUARD);
        }
    }

    private static void copy(Workshop shop, RawQueue queue, List<Transfer> batch, boolean toDevice, int slot) {
        long source = toDevice ? Workshop.HOST : Workshop.DEVICE + TARGET;
        long target = toDevice ? Workshop.DEVICE + TARGET : Workshop.HOST;
        long signal = shop.signal(batch.size());
        long last = 0;
        for (int i = 0; i < batch.size(); i++) {
            Transfer each = batch.get(i);
            long to = target + (long) i * slot + LINE + each.to();
            last = queue.put(COPY, (ring, at) -> CopyPacket.encode(ring, at, 0, source + each.from(), to, each.size(), signal));
        }
        queue.ring(last);
        shop.await(signal);
    }

    private static void check(List<Transfer> batch, byte[] content, byte[] seen, int slot) {
        byte[] expected = Patterns.guards(seen.length);
        for (int i = 0; i < batch.size(); i++) {
            Transfer each = batch.get(i);
            System.arraycopy(content, each.from(), expected, i * slot + LINE + each.to(), each.size());
        }
        int wrong = java.util.Arrays.mismatch(expected, seen);
        if (wrong >= 0) {
            Transfer each = batch.get(wrong / slot);
            Check.hex("%d bytes from offset %d to offset %d, guards included: byte %d".formatted(each.size(), each.from(), each.to(),
                    wrong % slot - LINE - each.to()), expected[wrong] & 0xff, seen[wrong] & 0xff);
        }
    }
}
