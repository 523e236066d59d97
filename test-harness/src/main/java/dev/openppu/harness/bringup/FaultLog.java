package dev.openppu.harness.bringup;

import dev.openppu.abi.error.Xid;
import dev.openppu.abi.reg.ErrorEntryRegs;
import dev.openppu.abi.reg.ErrorLogRegs;
import dev.openppu.harness.CheckFailedException;
import dev.openppu.harness.bench.Bench;
import java.util.ArrayList;
import java.util.List;

/** What the device's error log says. */
final class FaultLog {
    private static final long LOG_NANOS = 1_000_000_000L;

    private FaultLog() {}

    /** Entries ever written. */
    static int total(Bench bench) {
        return bench.registers().errorLog().readTotal();
    }

    /** Waits for an entry with this XID behind the first {@code before} entries. */
    static void expect(Bench bench, int before, Xid xid) {
        if (!bench.function().poll(() -> since(bench, before).contains(xid.number()), LOG_NANOS)) {
            throw new CheckFailedException("%s in the error log".formatted(xid), "XIDs " + since(bench, before));
        }
    }

    /** XIDs of the entries behind the first {@code before}, the last 16 at most. */
    static List<Integer> since(Bench bench, int before) {
        ErrorLogRegs log = bench.registers().errorLog();
        int total = log.readTotal();
        List<Integer> xids = new ArrayList<>();
        for (int i = Math.max(before, total - ErrorLogRegs.ENTRY_COUNT); i < total; i++) {
            xids.add(ErrorEntryRegs.Xid.code(log.entry(i % ErrorLogRegs.ENTRY_COUNT).readXid()));
        }
        return xids;
    }
}
