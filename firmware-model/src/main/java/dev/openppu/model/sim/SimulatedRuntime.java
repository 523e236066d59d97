package dev.openppu.model.sim;

import dev.openppu.hal.LinkException;
import dev.openppu.hal.LinkRuntime;
import dev.openppu.hal.realtime.Timescale;
import java.util.function.BooleanSupplier;

/** Host software's clock, waiting and threads in a simulated world. */
final class SimulatedRuntime implements LinkRuntime {
    private static final System.Logger LOG = System.getLogger(LinkRuntime.class.getName());
    private static final long CLOCK_READ_NANOS = 20;
    private static final long START_NANOS = 10_000;

    private final Scheduler scheduler;
    private final Timescale timescale;

    SimulatedRuntime(Scheduler scheduler, Timescale timescale) {
        this.scheduler = scheduler;
        this.timescale = timescale;
    }

    /** Reading the clock takes time, so that a loop which only looks at the clock comes to its end. */
    @Override
    public long nanos() {
        if (!scheduler.closed() && !scheduler.dispatching()) {
            scheduler.readClock(CLOCK_READ_NANOS);
        }
        return scheduler.now();
    }

    @Override
    public long timestamp() {
        return scheduler.now();
    }

    @Override
    public long scaled(long nanos) {
        return timescale.stretch(nanos);
    }

    @Override
    public boolean await(BooleanSupplier condition, long deadlineNanos) {
        return scheduler.await(condition, deadlineNanos);
    }

    @Override
    public void sleep(long nanos) {
        long until = scheduler.now() + Math.max(0, nanos);
        scheduler.await(() -> false, until < 0 ? NEVER : until);
    }

    @Override
    public void wake() {
        // every condition is looked at after every event and at every scheduling point
    }

    @Override
    public Worker start(String name, Runnable body) {
        scheduler.enter();
        SimulatedWorker worker = new SimulatedWorker(name, body);
        worker.thread.start();
        scheduler.spend(START_NANOS);
        return worker;
    }

    @Override
    public boolean simulated() {
        return true;
    }

    private final class SimulatedWorker implements Worker {
        private final Runnable body;
        private final Thread thread;
        private final HostThread known;

        SimulatedWorker(String name, Runnable body) {
            this.body = body;
            this.thread = kind().name(name).unstarted(this::run);
            this.known = scheduler.begin(name, thread);
        }

        /** Virtual threads hand the baton over without the system's help; platform threads show in debuggers: who wants the former lives on one. */
        private static Thread.Builder kind() {
            return Thread.currentThread().isVirtual() ? Thread.ofVirtual() : Thread.ofPlatform().daemon();
        }

        private void run() {
            try {
                if (scheduler.firstRun(known)) {
                    body.run();
                }
            } catch (LinkException e) {
                if (!scheduler.closed() && scheduler.failure().isEmpty()) { // whoever works with the device is told
                    logEnd(e);
                }
            } catch (RuntimeException | Error e) {
                logEnd(e);
            } finally {
                scheduler.end(known);
            }
        }

        private void logEnd(Throwable e) {
            LOG.log(System.Logger.Level.ERROR, "thread " + thread.getName() + " ended by an exception", e);
        }

        @Override
        public boolean alive() {
            return !known.ended;
        }

        @Override
        public boolean join(long deadlineNanos) {
            return known.ended || scheduler.await(() -> known.ended, deadlineNanos);
        }

        @Override
        public void interrupt() {
            scheduler.enter();
            scheduler.interruptWorker(known);
        }
    }
}
