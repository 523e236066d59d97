package dev.openppu.driver.client;

import dev.openppu.abi.packet.Signal;

/**
 * Waits of a context's streams for work of another context, maybe of another device, which no packet can see: a watcher of the other side writes a slot when that work has ended,
 * well or badly, and the stream waits for the slot. Thread-safe.
 */
public final class ForeignWaits {
    /** What the slot holds when the other side's work has ended. */
    public static final long ENDED = 1;

    private final ContextLink link;
    private final SignalPool signals;

    public ForeignWaits(ContextLink link, SignalPool signals) {
        this.link = link;
        this.signals = signals;
    }

    /** Has {@code watcher} write a slot when {@code mark} is reached or can never be. The caller gives the slot back when no packet waits for it any more. */
    public SignalSlot watch(Mark mark, CompletionWatcher watcher) {
        SignalSlot slot = signals.take();
        watcher.watch(new Watch(mark, slot));
        return slot;
    }

    private final class Watch implements CompletionWatcher.Watched {
        private final Mark mark;
        private final SignalSlot slot;

        Watch(Mark mark, SignalSlot slot) {
            this.mark = mark;
            this.slot = slot;
        }

        @Override
        public Mark mark() {
            return mark;
        }

        @Override
        public void complete() {
            release();
        }

        @Override
        public void abandon() {
            release();
        }

        private void release() {
            try {
                Signal.publish(slot.memory(), slot.offset(), ENDED);
            } catch (IllegalStateException e) {
                return; // this side's context is gone, and its memory
            }
            link.runtime().wake();
        }
    }
}
