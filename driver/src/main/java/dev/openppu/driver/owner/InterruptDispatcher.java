package dev.openppu.driver.owner;

import dev.openppu.abi.reg.InterruptsRegs;
import dev.openppu.driver.sync.Waiting;
import dev.openppu.hal.LinkException;
import dev.openppu.hal.LinkRuntime;
import dev.openppu.hal.WaitPolicy;
import dev.openppu.hal.irq.Interrupts;
import org.jspecify.annotations.Nullable;

/**
 * Serves vector 0, the device's own causes, on a thread of the link's. It looks by itself once a period too, which grows twentyfold while nothing happens, so a lost interrupt costs at most that delay, a spurious
 * one nothing, and a storm of them no more than looking often.
 */
public final class InterruptDispatcher implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(InterruptDispatcher.class.getName());
    private static final int VECTOR = 0;
    /** How far the period stretches while nothing happens, in periods: a process that idles should not cost. */
    private static final int LONGEST_PERIODS = 20;
    /** Causes served in one go before the thread looks whether it should end. */
    private static final int MOST_ROUNDS = 64;

    private final DeviceAccess device;
    private final InterruptsRegs registers;
    private final Interrupts interrupts;
    private final Handler handler;
    private final long periodNanos;
    private final VectorStorm storm;
    private LinkRuntime.@Nullable Worker worker;
    private volatile boolean closing;

    /** What there is to do; runs on the dispatcher's thread and may wait. What it throws goes to {@link #failed}. */
    public interface Handler {
        /** @param causes bits of {@code interrupts.raw}, acknowledged already; 0 when a period has passed */
        void serve(int causes);

        /** Serving failed: the device is lost or makes no sense. Called once; the thread ends. */
        void failed(RuntimeException why);
    }

    /** @param periodNanos between two looks without an interrupt, at first; the link stretches it */
    public InterruptDispatcher(DeviceAccess device, Handler handler, long periodNanos) {
        this.device = device;
        this.registers = device.registers().interrupts();
        this.interrupts = device.link().interrupts();
        this.handler = handler;
        this.periodNanos = periodNanos;
        this.storm = new VectorStorm(device.link().interrupts(), VECTOR);
    }

    /** Enables all causes and begins the thread. */
    public void start() {
        int causes = InterruptsRegs.Enable.FW_EVENT_MASK | InterruptsRegs.Enable.BOOT_MASK | InterruptsRegs.Enable.ERROR_MASK
                | InterruptsRegs.Enable.MMU_FAULT_MASK | InterruptsRegs.Enable.SCRUB_DONE_MASK | InterruptsRegs.Enable.QUEUE_ERROR_MASK
                | InterruptsRegs.Enable.ECC_MASK;
        registers.writeEnable(causes);
        worker = device.runtime().start("ppu-interrupts", this::run);
    }

    private void run() {
        try {
            long seen = interrupts.delivered(VECTOR);
            long period = periodNanos;
            while (!closing) {
                serve();
                long before = seen;
                boolean calm = storm.look(device.runtime().nanos());
                device.runtime().await(() -> closing || calm && interrupts.delivered(VECTOR) != before,
                        device.runtime().deadline(calm ? period : VectorStorm.POLL_NANOS), WaitPolicy.SLEEP, storm);
                seen = interrupts.delivered(VECTOR);
                period = seen == before ? Math.min(2 * period, LONGEST_PERIODS * periodNanos) : periodNanos;
            }
        } catch (LinkException e) {
            if (!closing) { // the link was closed under the driver
                handler.failed(e);
            }
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.DEBUG, "interrupt dispatcher of " + device.name() + " ends", e);
            handler.failed(e);
        }
    }

    private void serve() {
        int causes = device.checked(registers.readStatus());
        handler.serve(0);
        for (int round = 0; causes != 0 && round < MOST_ROUNDS; round++) {
            registers.writeRaw(causes); // before serving: what happens meanwhile raises it again
            handler.serve(causes);
            causes = device.checked(registers.readStatus());
        }
    }

    /** Masks all causes if the device still answers, and ends the thread. Idempotent. */
    @Override
    public void close() {
        closing = true;
        LinkRuntime.Worker running = worker;
        worker = null;
        if (running != null) {
            try {
                if (!device.ended()) {
                    registers.writeEnable(0);
                }
            } finally {
                device.runtime().wake();
                new Waiting(device.runtime()).uninterrupted(() -> running.join(LinkRuntime.NEVER));
            }
        }
    }
}
