package dev.openppu.harness.bringup;

import dev.openppu.abi.firmware.CrashRecord;
import dev.openppu.abi.firmware.LogRecord;
import dev.openppu.abi.reg.BootState;
import dev.openppu.abi.reg.FwRegs;
import dev.openppu.hal.TestPoints;
import dev.openppu.harness.Case;
import dev.openppu.harness.Check;
import dev.openppu.harness.CheckFailedException;
import dev.openppu.harness.Rule;
import dev.openppu.harness.Stage;
import dev.openppu.harness.UnobservableException;
import dev.openppu.harness.bench.BareDevice;
import dev.openppu.harness.bench.Bench;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** What firmware that crashes leaves behind: in its first life, in the next one, and when it was taken. */
final class CrashCases {
    private static final long CRASH_NANOS = 1_000_000_000L;

    private CrashCases() {}

    static Stage stage() {
        return new Stage("crash", "Firmware that crashes", List.of(
                Case.of("firmware.crash-record", "The crash record, twice",
                        Rule.guide(4,
                                "A crash leaves its reason, time and log in reserved memory, over a mild reset, until the next one or until it is taken; a reset ends the log"),
                        CrashCases::twice)));
    }

    private static void twice(Bench bench) {
        TestPoints points = bench.link().testPoints().orElseThrow(() -> new UnobservableException("the link makes no firmware crash"));
        bench.booted();
        bench.distrust();
        CrashRecord first = crash(bench, points, "first crash of two", 0);
        bench.function().resetMildly();
        long begun = bench.registers().timer().readNow();
        BareDevice device = bench.boot();
        bench.distrust();
        Check.that(first.equals(read(device)), "the crash record is there behind a reset and a boot", String.valueOf(read(device)));
        CrashRecord second = crash(bench, points, "second", begun);
        Check.that(second.nanos() > first.nanos(), "a second crash later than %d ns".formatted(first.nanos()), second.nanos() + " ns");
        Check.equal("sequence of the first line of a log that had %d".formatted(second.log().size()), 0,
                second.log().getFirst().sequence());
        FwRegs fw = device.registers().fw();
        fw.writeCrashTaken(FwRegs.CrashTaken.withTaken(0, true));
        Check.equal("fw.crash_size when it was taken", 0, fw.readCrashSize());
        bench.note("%d and %d lines".formatted(first.log().size(), second.log().size()));
    }

    /** @param begun device time when this life of the firmware began, or before */
    private static CrashRecord crash(Bench bench, TestPoints points, String reason, long begun) {
        BareDevice device = bench.bare();
        int head = device.registers().fw().readLogHead();
        points.crashFirmware(reason);
        Check.that(bench.function().poll(() -> device.boot().state() == BootState.CRASHED, CRASH_NANOS), "CRASHED",
                device.boot().state().toString());
        CrashRecord record = read(device);
        Check.equal("reason of the crash", reason, record.reason());
        Check.equal("firmware of the crash", device.registers().fw().readVersion(), record.firmwareVersion());
        Check.that(!record.log().isEmpty() || device.registers().fw().readLogRecords() == 0,
                "lines of the log, of which there were " + head,
                "none");
        long earliest = begun;
        int due = head - record.log().size();
        for (LogRecord line : record.log()) {
            Check.equal("sequence of a line of a log of %d".formatted(head), due++, line.sequence());
            Check.that(line.nanos() >= earliest && line.nanos() <= record.nanos(),
                    "line %d at %d to %d ns".formatted(line.sequence(), earliest, record.nanos()), line.nanos() + " ns");
            earliest = line.nanos();
        }
        return record;
    }

    private static CrashRecord read(BareDevice device) {
        FwRegs fw = device.registers().fw();
        byte[] bytes = new byte[fw.readCrashSize()];
        if (bytes.length == 0) {
            throw new CheckFailedException("a crash record", "fw.crash_size is 0");
        }
        device.memory().read(fw.readCrashAddress(), MemorySegment.ofArray(bytes));
        return CrashRecord.decode(MemorySegment.ofArray(bytes))
                .orElseThrow(() -> new CheckFailedException("a whole crash record", "%d bytes that are none".formatted(bytes.length)));
    }
}
