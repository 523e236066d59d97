package dev.openppu.harness.sim.check;

import dev.openppu.abi.reg.Engine;
import dev.openppu.abi.reg.MmuReason;
import dev.openppu.driver.ContextFault;
import dev.openppu.driver.ContextLostException;
import dev.openppu.driver.DeviceLostException;
import dev.openppu.driver.LossRole;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.XidEvent;
import dev.openppu.driver.owner.XidLog;
import dev.openppu.model.census.FaultReport;
import dev.openppu.model.fault.FaultInjector;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What the device's hardware has latched, against what its driver says of it: XIDs, and why contexts were lost. What hardware latched may be lost on its way to the driver, when the firmware
 * or the device is reset; what the driver reports has to have been latched.
 */
public final class Reports {
    private final Ppu ppu;
    private final FaultInjector device;
    private final Past past;
    private final Rules rules;

    /** @param past what was reported before: none of it counts */
    public Reports(Ppu ppu, FaultInjector device, Past past, Rules rules) {
        this.ppu = ppu;
        this.device = device;
        this.past = past;
        this.rules = rules;
    }

    /** What was reported since is what was latched, in its order; what the driver adds of its own concerns no context. */
    public void requireTrue() {
        List<XidEvent> reported = nothingForgotten() ? reported() : List.of();
        List<FaultReport> latched = device.latched(); // behind: whatever is reported has been latched before
        Iterator<FaultReport> next = latched.iterator();
        for (XidEvent event : reported) {
            if (!ofDriver(event) && !advance(next, event)) {
                rules.broken(Invariant.REPORTS, "the driver reports " + event,
                        "one of what the device latched, in its order: " + near(latched, event));
            }
        }
    }

    /** What was reported since the device was opened is counted, by the remedies that are published. */
    public void requireCounted() {
        CountedXids least = CountedXids.of(ppu.xids());
        CountedXids counted = CountedXids.of(ppu.health());
        CountedXids most = CountedXids.of(ppu.xids());
        if (nothingForgotten() && !counted.between(least, most)) {
            rules.broken(Invariant.REPORTS, "health() has %s of %s".formatted(counted, ppu.xids()), "%s to %s".formatted(least, most));
        }
    }

    /** A device that was lost has an XID that says so; what was latched may have been lost with it. */
    public void requireLossTold(String who, DeviceLostException loss) {
        if (nothingForgotten() && reported().stream().noneMatch(Reports::ofDriver)) {
            rules.broken(Invariant.REPORTS, who + " is told of the device's loss, and the driver reports " + reported(),
                    "an XID of the driver's own for the loss: " + loss.getMessage(), loss);
        }
    }

    /** Whether everything that was latched since, as far as it is to be reported, has been: to be asked where nothing was reset. */
    public boolean complete() {
        return missing() == null;
    }

    /** The same, as a rule: to be asked where nothing that was latched can still be on its way. */
    public void requireComplete() {
        FaultReport missing = missing();
        if (missing != null) {
            rules.broken(Invariant.REPORTS, "the driver reports " + reported(),
                    Objects.requireNonNull(expected(missing)) + " among others, of " + missing);
        }
    }

    /** Of very many the device and its driver keep the last: of a storm of them nothing can be said. */
    private boolean nothingForgotten() {
        return device.latched().size() < XidLog.CAPACITY && ppu.xids().size() < XidLog.CAPACITY;
    }

    private @Nullable FaultReport missing() {
        if (!nothingForgotten()) {
            return null;
        }
        List<FaultReport> latched = new ArrayList<>(device.latched());
        latched.removeIf(fault -> past.latched().contains(fault) || DocumentedFault.of(fault) == null);
        List<XidEvent> reported = reported();
        return latched.stream().filter(fault -> !reported.contains(expected(fault))).findFirst().orElse(null);
    }

    /**
     * What a loss says of its cause is what was latched.
     *
     * @param registersTrue whether what the driver read from registers stood there
     */
    public void requireCause(String who, ContextLostException loss, boolean registersTrue) {
        ContextFault fault = loss.fault().orElse(null);
        if (fault == null || !nothingForgotten()) {
            return;
        }
        List<FaultReport> latched = device.latched();
        if (fault.queue().isEmpty()) {
            rules.broken(Invariant.REPORTS, "%s is lost for %s".formatted(who, fault),
                    "a context is lost for faults of its queues' work only");
        } else if (fault.deviceNanos() != 0) {
            if (latched.stream().noneMatch(report -> same(fault, report) && sameResult(loss, report))) {
                rules.broken(Invariant.REPORTS, "%s is told %s, for %s".formatted(who, loss.hgresult(), fault),
                        "what the device latched: " + near(latched, fault.context()));
            }
        } else if (registersTrue) { // read from the queue's own registers
            boolean own = latched.stream().anyMatch(report -> concerns(report, fault));
            if (own != (loss.role() == LossRole.CULPRIT)) {
                rules.broken(Invariant.REPORTS, "%s is the %s of %s".formatted(who, loss.role(), fault),
                        "the culprit, if and only if the device latched a fault of its own: " + near(latched, fault.context()));
            }
        }
    }

    private List<XidEvent> reported() {
        List<XidEvent> all = ppu.xids();
        return all.subList(Math.min(past.xids().size(), all.size()), all.size()); // by their number: two losses of the device are equal
    }

    /** That the device is lost, or does not let go of what hangs: no device can report that. */
    private static boolean ofDriver(XidEvent event) {
        return event.deviceNanos() == 0 && event.context().isEmpty() && event.queue().isEmpty()
                && event.xid().filter(xid -> xid.name().startsWith("KERNEL_")).isPresent();
    }

    private static boolean advance(Iterator<FaultReport> next, XidEvent event) {
        while (next.hasNext()) {
            if (event.equals(expected(next.next()))) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable XidEvent expected(FaultReport fault) {
        DocumentedFault documented = DocumentedFault.of(fault);
        return documented == null
                ? null
                : new XidEvent(documented.xid().number(), fault.exception(), number(fault.context(), FaultReport.NO_CONTEXT),
                        number(fault.queue(), FaultReport.NO_QUEUE), fault.address(), fault.pc(), fault.nanos());
    }

    private static OptionalInt number(int number, int none) {
        return number == none ? OptionalInt.empty() : OptionalInt.of(number);
    }

    private static boolean same(ContextFault fault, FaultReport report) {
        boolean memory = report.reason() != MmuReason.NONE;
        return concerns(report, fault) && fault.exception() == report.exception() && fault.pc() == report.pc()
                && fault.address() == report.address()
                && fault.deviceNanos() == report.nanos() && fault.engine().orElse(Engine.NONE) == report.engine()
                && fault.reason().orElse(MmuReason.NONE) == report.reason()
                && (!memory || fault.access().filter(access -> access == report.access()).isPresent());
    }

    private static boolean sameResult(ContextLostException loss, FaultReport report) {
        DocumentedFault documented = DocumentedFault.of(report);
        return documented != null && documented.result() == loss.hgresult()
                && loss.xid().filter(xid -> xid == documented.xid()).isPresent();
    }

    private static boolean concerns(FaultReport report, ContextFault fault) {
        return report.context() == fault.context() && fault.queue().equals(number(report.queue(), FaultReport.NO_QUEUE));
    }

    private static List<FaultReport> near(List<FaultReport> latched, XidEvent event) {
        return latched.stream().filter(fault -> fault.nanos() == event.deviceNanos()
                || fault.context() == event.context().orElse(FaultReport.NO_CONTEXT)).toList();
    }

    private static List<FaultReport> near(List<FaultReport> latched, int context) {
        return latched.stream().filter(fault -> fault.context() == context).toList();
    }
}
