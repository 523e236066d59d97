package dev.openppu.model.command;

import dev.openppu.abi.packet.Signal;
import dev.openppu.model.interrupt.VectorGate;

/** How a queue tells the host that its packets have ended: by their completion signals, and by its interrupt. */
final class PacketEnds {
    private final Queue queue;
    private final CommandProcessor processor;
    private final VectorGate gate;
    /** Signal of the packet that has completed last. */
    private long toldBefore;
    private boolean interruptOwed;

    PacketEnds(Queue queue, CommandProcessor processor, VectorGate gate) {
        this.queue = queue;
        this.processor = processor;
        this.gate = gate;
    }

    /** A packet's work is done; {@code false} if its signal cannot be counted down. */
    boolean tellDone(Packet packet) {
        long signal = packet.completionSignal();
        if (signal == 0) {
            return true;
        }
        boolean told = tell(signal);
        if (told) {
            interrupt();
        }
        return told;
    }

    /** A barrier's dependency has failed; {@code false} if the barrier's signal cannot say so. */
    boolean tellDependencyFailed(Packet packet) {
        long signal = packet.completionSignal();
        if (signal == 0) {
            return true;
        }
        boolean told = storeFailed(signal);
        if (told) {
            interrupt();
        }
        return told;
    }

    /** A packet has failed or was abandoned: its signal says so if it can. */
    void tellFailed(Packet packet) {
        long signal = packet.completionSignal();
        // a signal that cannot be reached is one more fault of a context that is lost already
        if (signal != 0 && signal % Signal.BYTES == 0 && storeFailed(signal)) {
            interrupt();
            processor.signalsChanged();
        }
    }

    /** The step that served the queue has ended: one message stands for all the signals that it has written. */
    void sendOwedInterrupt() {
        if (interruptOwed) {
            interruptOwed = false;
            interrupt();
        }
    }

    /** The queue begins anew, or not at all. */
    void rewind() {
        toldBefore = 0;
    }

    /** Messages that were held back are not sent any more. */
    void forget() {
        gate.reset();
    }

    /** Counts a completion signal down: once, if nothing goes wrong. */
    private boolean tell(long signal) {
        long stale = toldBefore;
        toldBefore = signal;
        return switch (processor.misfortune(queue)) {
            case NONE -> count(signal);
            case LOST -> true;
            case TWICE -> {
                boolean counted = count(signal);
                yield counted && count(signal);
            }
            case STALE -> stale == 0 || count(stale);
        };
    }

    private boolean count(long signal) {
        SignalPort signals = processor.signals();
        return processor.serves(queue) ? signals.join(queue.context(), signal) : signals.decrement(queue.context(), signal);
    }

    private boolean storeFailed(long signal) {
        return processor.signals().store(queue.context(), signal, Signal.BYTES, Signal.FAILED);
    }

    private void interrupt() {
        QueueSetup setup = queue.setup();
        if (processor.serves(queue)) {
            interruptOwed = true;
        } else if (setup.interrupts()) {
            gate.request(setup.vector(), setup.moderation());
        }
    }
}
