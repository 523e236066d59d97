package dev.openppu.hal.replay;

import dev.openppu.hal.LinkRuntime;
import dev.openppu.hal.WaitPolicy;
import dev.openppu.hal.irq.Wakeup;
import dev.openppu.hal.realtime.Timescale;
import dev.openppu.hal.record.Kind;
import dev.openppu.hal.record.RecordedEvent;
import dev.openppu.hal.record.Waited;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;

/** The recorded clock, waits that end as they did, and threads that run in the order that they had. */
final class ReplayRuntime implements LinkRuntime {
    private static final System.Logger LOG = System.getLogger(LinkRuntime.class.getName());

    private final ReplayCursor cursor;
    private final ReplayCalls calls;
    private final Timescale timescale;
    private final boolean simulated;
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private final ThreadLocal<Boolean> looking = ThreadLocal.withInitial(() -> false);

    ReplayRuntime(ReplayCursor cursor, ReplayCalls calls, Timescale timescale, boolean simulated) {
        this.cursor = cursor;
        this.calls = calls;
        this.timescale = timescale;
        this.simulated = simulated;
    }

    @Override
    public long nanos() {
        if (looking.get()) {
            return cursor.now();
        }
        return calls.call(Kind.CLOCK, 0, 0, 0, 0).nanos();
    }

    @Override
    public long timestamp() {
        return cursor.now();
    }

    @Override
    public long scaled(long nanos) {
        return timescale.stretch(nanos);
    }

    @Override
    public boolean await(BooleanSupplier condition, long deadlineNanos) {
        return await(condition, deadlineNanos, WaitPolicy.SLEEP, Wakeup.any());
    }

    @Override
    public boolean await(BooleanSupplier condition, long deadlineNanos, WaitPolicy policy, Wakeup wakeup) {
        while (true) {
            RecordedEvent next = calls.waited(deadlineNanos);
            switch (next.kind()) {
                case ARM -> wakeup.arm();
                case DISARM -> wakeup.disarm();
                default -> {
                    return ended(next, condition);
                }
            }
        }
    }

    /** Where the order is exact, what host software waits for must be there when it was there in the recording. */
    private boolean ended(RecordedEvent wait, BooleanSupplier condition) {
        boolean held = wait.unit() == Waited.HELD.ordinal();
        if (simulated && held && !quietly(condition)) {
            throw cursor.differs(wait, null, "the recorded wait ended because its condition held; here it does not hold");
        }
        return held;
    }

    private boolean quietly(BooleanSupplier condition) {
        looking.set(true);
        try {
            return condition.getAsBoolean();
        } finally {
            looking.set(false);
        }
    }

    @Override
    public void sleep(long nanos) {
        calls.call(Kind.SLEEP, 0, 0, 0, nanos);
    }

    @Override
    public void wake() {
        // waits end where the recording has their end
    }

    @Override
    public Worker start(String name, Runnable body) {
        int number = calls.call(Kind.START, 0, 0, 0, 0, name.getBytes(StandardCharsets.UTF_8)).unit();
        ReplayWorker worker = new ReplayWorker(number, name, body);
        cursor.begun();
        threads.add(worker.thread);
        worker.thread.start();
        calls.call(Kind.STARTED, 0, 0, 0, 0);
        return worker;
    }

    @Override
    public boolean simulated() {
        return simulated;
    }

    /** After the cursor was closed: every thread meets an exception at its next call, if it has not ended. */
    void close() {
        for (Thread thread : threads) {
            boolean interrupted = Thread.interrupted();
            try {
                thread.join(1000);
            } catch (InterruptedException e) {
                interrupted = true;
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private final class ReplayWorker implements Worker {
        private final int number;
        private final Runnable body;
        private final Thread thread;
        private volatile boolean ended;

        ReplayWorker(int number, String name, Runnable body) {
            this.number = number;
            this.body = body;
            this.thread = Thread.ofPlatform().daemon().name(name).unstarted(this::run);
        }

        private void run() {
            cursor.isThread(number);
            try {
                calls.call(Kind.BEGIN, 0, 0, 0, 0);
                try {
                    body.run();
                } finally {
                    calls.call(Kind.END, 0, 0, 0, 0);
                }
            } catch (dev.openppu.hal.LinkException e) {
                LOG.log(System.Logger.Level.DEBUG, "thread " + thread.getName() + " of a replay ended by an exception", e);
            } catch (RuntimeException | Error e) {
                LOG.log(System.Logger.Level.ERROR, "thread " + thread.getName() + " ended by an exception", e);
            } finally {
                ended = true;
                cursor.ended();
            }
        }

        @Override
        public boolean alive() {
            return !ended;
        }

        @Override
        public boolean join(long deadlineNanos) {
            return calls.call(Kind.JOIN, number, 0, 0, 0).value() != 0;
        }

        @Override
        public void interrupt() {
            calls.call(Kind.INTERRUPT, number, 0, 0, 0);
        }
    }
}
