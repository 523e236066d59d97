package dev.openppu.driver;

import dev.openppu.abi.error.DeviceException;
import dev.openppu.abi.error.HgResult;
import dev.openppu.abi.error.Xid;
import java.util.Optional;

/**
 * What a {@link PpuException} reports.
 *
 * @param result the published result code of the call
 * @param device which device, as its link names it
 * @param object which object of the device, for example {@code stream 3 of context 1}
 * @param what what failed, one sentence without a full stop
 * @param remedy what to do next, one sentence without a full stop
 * @param xid the XID behind it, if the device reported one
 * @param exception the device exception behind it, if a kernel raised one
 */
public record Failure(HgResult result, String device, String object, String what, String remedy, Optional<Xid> xid,
        Optional<DeviceException> exception) {

    /** A failure without an XID. */
    public static Failure of(HgResult result, String device, String object, String what, String remedy) {
        return new Failure(result, device, object, what, remedy, Optional.empty(), Optional.empty());
    }

    /** The same failure with the XID that belongs to it. */
    public Failure with(Xid newXid) {
        return new Failure(result, device, object, what, remedy, Optional.of(newXid), exception);
    }

    /** All of it in one line, for users. */
    public String message() {
        StringBuilder text = new StringBuilder(what);
        text.append(" [").append(object).append(" on ").append(device).append("; ").append(result);
        xid.ifPresent(x -> text.append("; ").append(x));
        exception.ifPresent(e -> text.append("; ").append(e));
        return text.append("]: ").append(remedy).toString();
    }
}
