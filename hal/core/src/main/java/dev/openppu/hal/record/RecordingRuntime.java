package dev.openppu.hal.record;

import dev.openppu.hal.LinkRuntime;
import dev.openppu.hal.WaitPolicy;
import dev.openppu.hal.irq.Wakeup;
import java.util.function.BooleanSupplier;

/** Clock, waits and threads of a recorded link. Nobody looks at memory without a wait: how often somebody looks depends on the moment, and could not be played again. */
final class RecordingRuntime implements LinkRuntime {
    private final Recorder recorder;
    private final LinkRuntime device;

    RecordingRuntime(Recorder recorder, LinkRuntime device) {
        this.recorder = recorder;
        this.device = device;
    }

    @Override
    public long nanos() {
        long now = device.nanos();
        recorder.clock(now);
        return now;
    }

    @Override
    public long timestamp() {
        return device.timestamp();
    }

    @Override
    public long scaled(long nanos) {
        return device.scaled(nanos);
    }

    @Override
    public boolean await(BooleanSupplier condition, long deadlineNanos) {
        return ended(deadlineNanos, () -> device.await(quietly(condition), deadlineNanos));
    }

    @Override
    public boolean await(BooleanSupplier condition, long deadlineNanos, WaitPolicy policy, Wakeup wakeup) {
        return ended(deadlineNanos, () -> device.await(quietly(condition), deadlineNanos, policy, new RecordedWakeup(wakeup)));
    }

    private boolean ended(long deadlineNanos, BooleanSupplier await) {
        recorder.publish();
        try {
            boolean held = await.getAsBoolean();
            recorder.call(Kind.WAIT, (held ? Waited.HELD : Waited.TIMED_OUT).ordinal(), 0, 0, deadlineNanos);
            return held;
        } catch (RuntimeException e) {
            recorder.failed(Kind.WAIT, e);
            throw e;
        }
    }

    private BooleanSupplier quietly(BooleanSupplier condition) {
        return () -> {
            Recorder.Caller caller = recorder.caller();
            boolean before = caller.looking;
            caller.looking = true;
            try {
                return condition.getAsBoolean();
            } finally {
                caller.looking = before;
            }
        };
    }

    @Override
    public void sleep(long nanos) {
        recorder.publish();
        try {
            device.sleep(nanos);
            recorder.call(Kind.SLEEP, 0, 0, 0, nanos);
        } catch (RuntimeException e) {
            recorder.failed(Kind.SLEEP, e);
            throw e;
        }
    }

    @Override
    public void wake() {
        device.wake();
    }

    @Override
    public Worker start(String name, Runnable body) {
        recorder.look();
        int number = recorder.nextThread();
        recorder.text(Kind.START, number, name);
        Worker worker = device.start(name, () -> {
            recorder.isThread(number);
            recorder.call(Kind.BEGIN, 0, 0, 0, 0);
            try {
                body.run();
            } finally {
                recorder.look();
                recorder.call(Kind.END, 0, 0, 0, 0);
            }
        });
        recorder.call(Kind.STARTED, 0, 0, 0, 0);
        return new RecordedWorker(number, worker);
    }

    @Override
    public boolean simulated() {
        return device.simulated();
    }

    private final class RecordedWorker implements Worker {
        private final int number;
        private final Worker worker;

        RecordedWorker(int number, Worker worker) {
            this.number = number;
            this.worker = worker;
        }

        @Override
        public boolean alive() {
            return worker.alive();
        }

        @Override
        public boolean join(long deadlineNanos) {
            recorder.publish();
            try {
                boolean ended = worker.join(deadlineNanos);
                recorder.call(Kind.JOIN, number, 0, 0, ended ? 1 : 0);
                return ended;
            } catch (RuntimeException e) {
                recorder.failed(Kind.JOIN, e);
                throw e;
            }
        }

        @Override
        public void interrupt() {
            worker.interrupt();
            recorder.call(Kind.INTERRUPT, number, 0, 0, 0);
        }
    }

    /** What arming asks of the device stands between the two records. */
    private final class RecordedWakeup implements Wakeup {
        private final Wakeup wakeup;

        RecordedWakeup(Wakeup wakeup) {
            this.wakeup = wakeup;
        }

        @Override
        public int vector() {
            return wakeup.vector();
        }

        @Override
        public long arm() {
            recorder.call(Kind.ARM, 0, 0, 0, 0);
            return wakeup.arm();
        }

        @Override
        public void disarm() {
            recorder.call(Kind.DISARM, 0, 0, 0, 0);
            wakeup.disarm();
        }

        @Override
        public boolean periodic() {
            return wakeup.periodic();
        }
    }
}
