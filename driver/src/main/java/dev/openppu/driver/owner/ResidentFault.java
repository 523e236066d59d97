package dev.openppu.driver.owner;

import dev.openppu.abi.error.FaultMapping;
import dev.openppu.abi.reg.QueueError;
import dev.openppu.driver.ContextFault;
import dev.openppu.driver.LossRole;
import dev.openppu.driver.owner.OwnerService.ContextLoss;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** A fault put together from the registers of a context's queues, for the case that the firmware's report does not come. */
final class ResidentFault {
    private ResidentFault() {}

    /**
     * What a context loses by a queue of its own that has failed. One that was stopped because another of the context failed is asked for that one's error; null if none says any.
     */
    static @Nullable ContextLoss loss(int context, int number, HardwareQueue queue, QueueManager queues) {
        if (queue.error() != QueueError.CONTEXT_LOST) {
            return loss(context, number, queue);
        }
        for (int sibling : queues.holders().ofContext(context)) {
            HardwareQueue other = queues.inspect(sibling);
            if (other.failed() && other.error() != QueueError.CONTEXT_LOST) {
                return loss(context, sibling, other);
            }
        }
        return null;
    }

    private static ContextLoss loss(int context, int number, HardwareQueue queue) {
        return new ContextLoss(queue.error() == QueueError.RESET ? LossRole.COLLATERAL : LossRole.CULPRIT,
                Optional.of(of(context, number, queue)), Optional.empty());
    }

    private static ContextFault of(int context, int number, HardwareQueue queue) {
        FaultMapping mapping = FaultMapping.raising(queue.exception()).orElseGet(() -> switch (queue.error()) {
            case MEMORY_FAULT -> FaultMapping.OPERAND_INVALID_PAGE;
            case ECC_ERROR -> FaultMapping.OPERAND_ECC;
            case WATCHDOG -> FaultMapping.KERNEL_WATCHDOG;
            case KERNEL_EXCEPTION -> FaultMapping.KERNEL_DIVISION_BY_ZERO;
            default -> FaultMapping.BAD_PACKET;
        });
        return new ContextFault(context, OptionalInt.of(number), mapping.xid().number(), queue.exception(), queue.address(), 0, 0);
    }
}
