package dev.openppu.harness.sim.work;

import dev.openppu.abi.error.DeviceException;
import dev.openppu.driver.Context;
import dev.openppu.driver.ContextFault;
import dev.openppu.driver.ContextLostException;
import dev.openppu.driver.DeviceLostException;
import dev.openppu.driver.LossRole;
import dev.openppu.driver.PpuException;
import dev.openppu.driver.PpuModule;
import dev.openppu.driver.XidEvent;
import dev.openppu.harness.sim.check.Invariant;
import dev.openppu.harness.sim.check.Reach;
import dev.openppu.harness.sim.check.Rules;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What a tenant has done wrong on purpose, and what came of it: its context is lost, by the error that is documented, unless a fault was there first. */
public final class Mistakes {
    private final Rules rules;
    private final List<Made> all = new ArrayList<>();

    /**
     * @param what step, context and mistake
     * @param seen what its program was told, null if nothing
     * @param difference between that and what is documented; empty if there is none
     */
    private record Made(String what, Mistake mistake, @Nullable PpuException seen, Optional<String> difference) {
        Optional<XidEvent> report() {
            return seen instanceof ContextLostException lost && difference.isEmpty() ? lost.fault().map(Made::report) : Optional.empty();
        }

        private static XidEvent report(ContextFault fault) {
            return new XidEvent(fault.xid(), fault.exception(), OptionalInt.of(fault.context()), fault.queue(), fault.address(), fault.pc(),
                    fault.deviceNanos());
        }

        /** Whether it may have lost the context to a fault instead. */
        boolean lostOtherwise() {
            return seen != null && Tenant.isLoss(seen) && !(seen instanceof DeviceLostException);
        }
    }

    Mistakes(Rules rules) {
        this.rules = rules;
    }

    /**
     * Keeps one; returns whether all is as documented.
     *
     * @param address where the device meets it, if that is known
     * @param module whose kernel it is, if it is a kernel's
     * @param context in which it was made
     * @param seen what was thrown, null if nothing
     */
    boolean note(String what, Mistake mistake, OptionalLong address, PpuModule module, Context context, @Nullable PpuException seen) {
        Optional<String> difference = difference(mistake, address, module, context, seen);
        all.add(new Made("%s: a program that %s".formatted(what, mistake), mistake, seen, difference));
        return difference.isEmpty();
    }

    private static Optional<String> difference(Mistake mistake, OptionalLong address, PpuModule module, Context context,
            @Nullable PpuException seen) {
        if (seen == null) {
            return Optional.of("it ended as if nothing were wrong");
        }
        if (!(seen instanceof ContextLostException lost) || lost.role() != LossRole.CULPRIT || lost.fault().isEmpty() || !context.lost()) {
            return Optional.of(seen.toString());
        }
        ContextFault fault = lost.fault().get();
        int exception = mistake.exception();
        boolean right = lost.hgresult() == mistake.result() && fault.context() == context.id() && fault.queue().isPresent()
                && fault.xid() == mistake.xid() && lost.xid().filter(xid -> xid.number() == mistake.xid()).isPresent()
                && fault.exception() == exception
                && lost.deviceException().equals(
                        exception == DeviceException.NONE ? OptionalInt.empty() : OptionalInt.of(exception))
                && (address.isEmpty() || fault.address() == address.getAsLong())
                && (!mistake.ofKernel() || module.lineAt(fault.pc()).isPresent());
        return right ? Optional.empty() : Optional.of("%s (%s)".formatted(seen.getMessage(), fault));
    }

    /** To be called when all have ended. */
    public void judge(String tenant, Reach reach, List<XidEvent> reported) {
        for (Made made : all) {
            boolean excused = switch (reach) {
                case NOBODY -> false;
                case CONTEXTS -> made.lostOtherwise();
                case EPOCH, DEVICE -> true;
            };
            if (!excused) {
                made.difference.ifPresent(difference -> broken(tenant, made, difference));
                made.report().filter(report -> !reported.contains(report))
                        .ifPresent(report -> broken(tenant, made, "%s is not among the XIDs %s".formatted(report, reported)));
            }
        }
    }

    private void broken(String tenant, Made made, String seen) {
        rules.broken(Invariant.TYPED_ERRORS, "%s, %s: %s".formatted(tenant, made.what, seen),
                "the context lost to %s, XID %d, exception %d, as docs/device.md, section 7, has it".formatted(made.mistake.result(),
                        made.mistake.xid(), made.mistake.exception()),
                made.seen);
    }

    /** XIDs that they stand for. */
    public List<XidEvent> reports() {
        return all.stream().flatMap(made -> made.report().stream()).toList();
    }
}
