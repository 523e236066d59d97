package dev.openppu.driver.owner;

import dev.openppu.abi.error.Xid;
import dev.openppu.abi.reg.Engine;
import dev.openppu.abi.reg.MmuAccess;
import dev.openppu.abi.reg.MmuReason;
import dev.openppu.driver.ContextFault;
import dev.openppu.driver.LossRole;
import dev.openppu.driver.PpuInfo;
import dev.openppu.driver.XidEvent;
import dev.openppu.driver.event.FaultEvent;
import dev.openppu.driver.owner.OwnerService.ContextLoss;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.OptionalInt;

/** What the firmware reports of its own accord: faults, which reach the context that caused them and the list of XIDs, and lines of its log. */
final class ReportedFaults implements MessageChannel.Listener {
    private static final System.Logger LOG = System.getLogger(ReportedFaults.class.getName());
    private static final Level[] LEVELS = {Level.TRACE, Level.DEBUG, Level.WARNING, Level.ERROR};

    private final String device;
    private final PpuInfo info;
    private final ContextTable contexts;
    private final XidLog xids;

    ReportedFaults(String device, PpuInfo info, ContextTable contexts, XidLog xids) {
        this.device = device;
        this.info = info;
        this.contexts = contexts;
        this.xids = xids;
    }

    @Override
    public void xid(dev.openppu.abi.firmware.XidEvent event) {
        OptionalInt context = event.context() < info.contexts() ? OptionalInt.of(event.context()) : OptionalInt.empty();
        OptionalInt queue = event.queue() < info.queues() ? OptionalInt.of(event.queue()) : OptionalInt.empty();
        context.stream().boxed().flatMap(number -> contexts.byNumber(number).stream()).forEach(
                client -> client.lose(ContextStatus.LOST,
                        new ContextLoss(LossRole.CULPRIT, Optional.of(fault(client.number(), queue, event)), Optional.empty())));
        String name = Xid.of(event.xid()).map(Xid::toString).orElse("XID " + event.xid());
        LOG.log(Level.DEBUG, () -> "%s: %s, %s, address 0x%x".formatted(device, name,
                context.isPresent() ? "context " + context.getAsInt() : "no context", event.address()));
        FaultEvent.record(device, context.orElse(-1), queue.orElse(-1), event.xid(), name, event.address(), event.pc(), event.nanos());
        xids.add(new XidEvent(event.xid(), event.exception(), context, queue, event.address(), event.pc(), event.nanos()));
    }

    private static ContextFault fault(int context, OptionalInt queue, dev.openppu.abi.firmware.XidEvent event) {
        Optional<MmuReason> reason = Optional.ofNullable(MmuReason.of(event.reason())).filter(r -> r != MmuReason.NONE);
        return new ContextFault(context, queue, event.xid(), event.exception(),
                Optional.ofNullable(Engine.of(event.engine())).filter(e -> e != Engine.NONE),
                reason.isEmpty() ? Optional.empty() : Optional.ofNullable(MmuAccess.of(event.access())), reason, event.address(),
                event.pc(), event.nanos());
    }

    @Override
    public void log(int level, String text) {
        LOG.log(LEVELS[Math.clamp(level, 0, LEVELS.length - 1)], () -> device + ": firmware: " + text);
    }
}
