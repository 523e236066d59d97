package dev.openppu.harness.bringup;

import dev.openppu.abi.firmware.LogRecord;
import dev.openppu.abi.firmware.MessageStatus;
import dev.openppu.abi.firmware.MessageType;
import dev.openppu.abi.reg.FwRegs;
import dev.openppu.harness.Case;
import dev.openppu.harness.Check;
import dev.openppu.harness.CheckFailedException;
import dev.openppu.harness.Rule;
import dev.openppu.harness.SkippedException;
import dev.openppu.harness.Stage;
import dev.openppu.harness.bench.Bench;
import dev.openppu.harness.bench.MessageRings;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/** The firmware's rolling log in reserved memory, read as it stands there. */
final class LogCases {
    private static final int LOG2_MESSAGES = 8;
    /** Commands that are under way at once. */
    private static final int BATCH = 1 << LOG2_MESSAGES - 1;
    /** Beyond that many records it would take long to fill the log. */
    private static final int MOST_SLOTS = 1 << 14;

    private LogCases() {}

    static Stage stage() {
        return new Stage("log", "The firmware's log", List.of(
                Case.of("firmware.log-wrap", "The log, beyond its last slot",
                        Rule.guide(4,
                                "Record n of the log stands in slot n mod log_records, with its sequence, checksum and time; ended contexts are told of"),
                        LogCases::wrap)));
    }

    private static void wrap(Bench bench) {
        bench.booted();
        FwRegs fw = bench.registers().fw();
        int slots = fw.readLogRecords();
        if (slots <= 0 || slots > MOST_SLOTS) {
            throw new SkippedException("fw.log_records says that the log has %d slots".formatted(slots));
        }
        try (FirmwareTalk talk = FirmwareTalk.begin(bench, LOG2_MESSAGES)) {
            int before = fw.readLogHead();
            for (int killed = 0; fw.readLogHead() <= slots + 1; killed += BATCH) {
                Check.that(killed <= slots + BATCH, "a record for each of %d contexts that were ended".formatted(killed),
                        "%d records".formatted(fw.readLogHead() - before));
                kill(talk.rings());
            }
        }
        int head = fw.readLogHead();
        byte[] log = new byte[slots * LogRecord.BYTES];
        bench.bare().memory().read(fw.readLogAddress(), MemorySegment.ofArray(log));
        long now = bench.registers().timer().readNow();
        long earliest = 0;
        for (int n = head - slots; n < head; n++) {
            LogRecord record = decode(log, n, slots);
            Check.that(record.nanos() >= earliest && record.nanos() <= now,
                    "record %d of the log at %d to %d ns".formatted(n, earliest, now),
                    record.nanos() + " ns");
            earliest = record.nanos();
        }
        bench.note("%d records in %d slots".formatted(head, slots));
    }

    private static void kill(MessageRings rings) {
        int first = rings.nextSequence();
        for (int i = 0; i < BATCH; i++) {
            rings.send(MessageType.KILL_CONTEXT.code(), 0);
        }
        for (int i = 0; i < BATCH; i++) {
            Check.equal("status of KILL_CONTEXT(0)", (long) MessageStatus.OK.code(), rings.replyTo(first + i).words()[0]);
        }
    }

    private static LogRecord decode(byte[] log, int n, int slots) {
        int slot = n % slots;
        Optional<LogRecord> record = LogRecord.decode(MemorySegment.ofArray(log), (long) slot * LogRecord.BYTES);
        if (record.isEmpty() || record.get().sequence() != n) {
            throw new CheckFailedException("record %d of the log in slot %d of %d".formatted(n, slot, slots),
                    record.map(other -> "record " + other.sequence()).orElse("a damaged one"));
        }
        return record.get();
    }
}
