package dev.openppu.model.command;

import dev.openppu.abi.packet.AqlHeader;
import dev.openppu.abi.packet.VendorPacket;
import dev.openppu.abi.reg.QueueError;
import dev.openppu.abi.reg.QueueHold;
import dev.openppu.abi.reg.QueueState;
import dev.openppu.model.agenda.Agenda;
import dev.openppu.model.fault.FaultPlan;
import dev.openppu.model.fault.FaultPoint;
import dev.openppu.model.fault.FaultSource;
import dev.openppu.model.memory.VirtualPort;
import dev.openppu.model.pcie.HostPort;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The packet processors of all queues: one front end that serves the queues in turn, fetches, checks and starts packets ({@code docs/device.md}, section 5).
 *
 * <p>Each step serves one queue: takes packets, and starts each as soon as its turn has come, until one has to wait, there is none, or the queue has had its share.
 * Packets that take time go to engines and overlap.
 */
public final class CommandProcessor implements QueueStops {
    private static final long STEP_NANOS = 120;
    private static final long STEP_SPREAD = 160;
    /** Packets that one queue may start in one step. */
    private static final int SHARE = 32;

    private final Agenda agenda;
    private final HostPort host;
    private final SignalPort signals;
    private final PacketRules rules;
    private final FaultUnit faults;
    private final FaultPlan plan;
    private final PacketEngine copies;
    private final PacketEngine kernels;
    private final LateCompletion late;
    private final Waiter waiter;
    private final QueueReset.Timer resetTimer;
    private final Arbiter arbiter = new Arbiter();
    private final List<Queue> queues = new ArrayList<>();
    private final List<Stop> stops = new ArrayList<>();
    private final Runnable step = this::step;
    private @Nullable Queue served;
    /** The queue that is being served has heard of something while its ring was being read. */
    private boolean lookAgain;
    private boolean stepping;
    private long packets;

    private record Stop(List<Queue> queues, int count, IntConsumer done) {}

    /** Parts of the device that the command processor works with. */
    public record Parts(HostPort host, VirtualPort port, FaultUnit faults, FaultPlan plan, PacketEngine copies, PacketEngine kernels,
            Arena arena) {}

    public CommandProcessor(Agenda agenda, QueueBank bank, Parts parts) {
        this.agenda = agenda;
        this.host = parts.host();
        this.signals = new SignalPort(parts.port());
        this.rules = new PacketRules(bank.capabilities());
        this.faults = parts.faults();
        this.plan = parts.plan();
        this.copies = parts.copies();
        this.kernels = parts.kernels();
        this.late = new LateCompletion(agenda);
        this.waiter = new Waiter(agenda, signals, this::ready);
        this.resetTimer = new QueueReset.Timer(agenda, plan);
        for (int i = 0; i < bank.profile().queues(); i++) {
            queues.add(new Queue(i, this, new Queue.Parts(bank.registers(i), bank.gate(), lines(parts.arena(), Queue.MOST_IN_FLIGHT),
                    lines(parts.arena(), Intake.LONGEST_RUN))));
        }
        plan.whenQueueUnhung(() -> queues.forEach(this::ready));
    }

    private static MemorySegment lines(Arena arena, int count) {
        return arena.allocate((long) count * AqlHeader.PACKET_BYTES, AqlHeader.PACKET_BYTES);
    }

    /** Software wrote {@code queue[i].control}. */
    public void controlWritten(int queue, int control) {
        if (queue < queues.size()) {
            queues.get(queue).controlWritten(control);
        }
    }

    /** Software rang a doorbell. */
    public void rung(int queue, long packet) {
        if (queue < queues.size()) {
            queues.get(queue).rung(packet);
        }
    }

    /** A queue may have missed its doorbell, and looks at its ring. */
    public void remind(int queue) {
        if (queue < queues.size()) {
            heard(queues.get(queue));
        }
    }

    /** Whether any queue takes notice of its doorbell. */
    public boolean listens() {
        for (Queue queue : queues) {
            if (queue.listens()) {
                return true;
            }
        }
        return false;
    }

    /** What {@code queue[i].status} shows. */
    public int status(int queue) {
        return queues.get(queue).status();
    }

    /** What {@code queue[i].read_index} shows. */
    public long readIndex(int queue) {
        return queues.get(queue).readIndex();
    }

    /** What {@code queue[i].progress} shows. */
    public long progress(int queue) {
        return queues.get(queue).progress();
    }

    /** Packets processed since reset. */
    public long packets() {
        return packets;
    }

    /** Forgets everything, as a reset does. */
    public void reset() {
        queues.forEach(Queue::forget);
        stops.clear();
        arbiter.clear();
        waiter.reset();
        stepping = false;
        packets = 0;
    }

    @Override
    public void stopContext(int context, IntConsumer done) {
        stop(queues.stream().filter(queue -> queue.setup().context() == context && (queue.enabled() || !queue.quiet())).toList(), done);
    }

    @Override
    public void stopAll(IntConsumer done) {
        stop(queues.stream().filter(queue -> queue.enabled() || !queue.quiet()).toList(), done);
    }

    private void stop(List<Queue> affected, IntConsumer done) {
        int count = (int) affected.stream().filter(Queue::enabled).count();
        affected.forEach(Queue::lose);
        stops.add(new Stop(affected, count, done));
        quieted();
    }

    /** A queue has no packet in flight any more. */
    void quieted() {
        for (Iterator<Stop> waiting = stops.iterator(); waiting.hasNext();) {
            Stop stop = waiting.next();
            if (stop.queues().stream().allMatch(Queue::quiet)) {
                waiting.remove();
                stop.done().accept(stop.count());
            }
        }
    }

    /** A queue wants to be served; the one that is being served knows by itself. */
    void ready(Queue queue) {
        if (queue != served && queue.enabled()) {
            arbiter.add(queue.number(), queue.priority());
            schedule();
        }
    }

    /** A queue's doorbell. Where host memory is asked for by messages it may come while the queue is being served, behind the reading of the packet that it tells of. */
    void heard(Queue queue) {
        lookAgain |= queue == served;
        ready(queue);
    }

    /** Something wrote memory that waiting queues may be looking at. */
    void signalsChanged() {
        waiter.lookAgain();
    }

    /** The queue is being served: what it has to tell the host can wait until its step ends. */
    boolean serves(Queue queue) {
        return queue == served;
    }

    SignalPort signals() {
        return signals;
    }

    QueueReset.Timer resetTimer() {
        return resetTimer;
    }

    void countPacket() {
        packets++;
    }

    /** Whether the packet, whose work is done, is to complete later than that. */
    boolean delays(Packet packet) {
        long nanos = plan.completionDelay(packet.queueNumber());
        if (nanos == 0) {
            return false;
        }
        late.delay(packet, nanos);
        return true;
    }

    /** What may go wrong when a completion signal is counted down. */
    enum Misfortune {
        NONE, LOST, TWICE, STALE
    }

    /** What goes wrong with the next one of the queue. */
    Misfortune misfortune(Queue queue) {
        if (plan.repeatsCompletion(queue.number())) {
            return Misfortune.TWICE;
        }
        if (plan.strikes(FaultPoint.COMPLETION_LOST) != FaultSource.NOTHING) {
            return Misfortune.LOST;
        }
        return plan.strikes(FaultPoint.COMPLETION_STALE) != FaultSource.NOTHING ? Misfortune.STALE : Misfortune.NONE;
    }

    /** A queue has failed: so have the others of its context. */
    void failed(Queue failed, WorkFault fault) {
        if (agenda.trace().on()) {
            agenda.trace().record("cp", "error",
                    String.format(Locale.ROOT, "queue %d %s %s at 0x%x", failed.number(), fault.error(), fault.reason(), fault.address()));
        }
        faults.report(failed.context(), failed.number(), fault);
        loseOthers(failed);
    }

    /** A queue has lost a packet in a reset of its engine, which is nobody's fault, but its context does not go on. */
    void lost(Queue stopped) {
        faults.queueStopped();
        loseOthers(stopped);
    }

    private void loseOthers(Queue stopped) {
        for (Queue queue : queues) {
            if (queue != stopped && queue.context() == stopped.context()) {
                queue.lose();
            }
        }
    }

    void queueReset(Queue queue) {
        waiter.forget(queue);
        endOfReset(queue, "reset");
    }

    void queueResetFailed(Queue queue) {
        waiter.forget(queue);
        endOfReset(queue, "reset-failed");
    }

    private void endOfReset(Queue queue, String how) {
        if (agenda.trace().on()) {
            agenda.trace().record("cp", how, "queue " + queue.number());
        }
        faults.resetEnded();
    }

    private void schedule() {
        if (!stepping && !arbiter.empty()) {
            scheduleStep(1);
        }
    }

    private void scheduleStep(int started) {
        stepping = true;
        agenda.afterAbout(STEP_NANOS * started, STEP_SPREAD, "cp.step", step);
    }

    private void step() {
        int next = arbiter.next();
        int started = next < 0 ? 0 : serve(queues.get(next));
        if (arbiter.empty()) {
            stepping = false;
        } else {
            scheduleStep(Math.max(1, started));
        }
    }

    /** Returns how many packets were started. */
    private int serve(Queue queue) {
        int started = 0;
        served = queue;
        lookAgain = false;
        while (started < SHARE && queue.enabled() && !plan.hung(queue.number()) && startNext(queue)) {
            started++;
        }
        boolean again = started == SHARE || lookAgain;
        served = null;
        endSignals(queue);
        tellReadIndex(queue);
        queue.sendOwedInterrupt();
        if (again) {
            ready(queue);
        }
        return started;
    }

    private void endSignals(Queue queue) {
        WorkFault lost = signals.endStep();
        if (lost != null && queue.enabled()) {
            queue.fail(queue.readIndex() - 1, lost);
        }
    }

    private void tellReadIndex(Queue queue) {
        long address = queue.setup().readIndexAddress();
        long index = queue.readIndexToPost();
        if (index >= 0 && address != 0 && !host.write64(address, index ^ plan.strikes(FaultPoint.INDEX_WILD)).ok() && queue.enabled()) {
            queue.fail(index - 1, WorkFault.packet(QueueError.RING_FAULT, address));
        }
    }

    /** Takes the next packet, if none is held, and starts it; false if there is none, or it has to wait. */
    private boolean startNext(Queue queue) {
        Packet packet = queue.held();
        if (packet == null) {
            packet = take(queue);
        }
        return packet != null && start(queue, packet);
    }

    /** Takes the next packet; null if there is none, or no place for it, or the ring cannot be reached. */
    private @Nullable Packet take(Queue queue) {
        Packet place = queue.free();
        if (place == null) {
            queue.show(QueueState.WAITING, QueueHold.ENGINE);
            return null;
        }
        Intake intake = queue.intake();
        long slot = queue.setup().slot(queue.readIndex());
        int life = queue.life();
        boolean has = intake.has(host, queue.setup(), queue.readIndex());
        if (isAnother(queue, life)) {
            return null;
        }
        if (!has) {
            if (intake.refused()) {
                queue.fail(queue.readIndex(), WorkFault.packet(QueueError.RING_FAULT, slot));
            } else {
                queue.show(queue.quiet() ? QueueState.IDLE : QueueState.RUNNING, QueueHold.NONE);
            }
            return null;
        }
        if (!host.write16(slot, AqlHeader.INVALID_WORD).ok()) {
            queue.fail(queue.readIndex(), WorkFault.packet(QueueError.RING_FAULT, slot));
            return null;
        }
        if (isAnother(queue, life)) {
            return null;
        }
        MemorySegment line = intake.take();
        queue.taken(place, AqlHeader.acquire(line, 0), line);
        return place;
    }

    /** Software may have stopped the queue, or begun it anew, or another of its context may have failed, while the device waited for host memory: what was read then is nobody's. */
    private boolean isAnother(Queue queue, int life) {
        if (queue.life() == life && queue.enabled()) {
            return false;
        }
        queue.intake().clear();
        lookAgain = true;
        return true;
    }

    /** Starts the held packet if its turn has come; returns whether it has. */
    private boolean start(Queue queue, Packet packet) {
        int word = packet.header();
        int type = AqlHeader.type(word);
        int format = type == AqlHeader.TYPE_VENDOR ? VendorPacket.format(word) : 0;
        boolean alone = AqlHeader.barrier(word) || format == VendorPacket.FORMAT_TIMESTAMP;
        if (alone && !queue.heldIsOldest()) {
            queue.show(QueueState.WAITING, QueueHold.BARRIER);
            return false;
        }
        if (agenda.trace().on()) {
            agenda.trace().record("cp", "packet",
                    String.format(Locale.ROOT, "queue %d index %d header 0x%08x", queue.number(), packet.index(), word));
        }
        plan.packetStarts(queue.number(), word);
        queue.show(QueueState.RUNNING, QueueHold.NONE);
        if (!rules.hold(packet)) {
            queue.failed(packet, WorkFault.packet(QueueError.INVALID_PACKET, packet.index()));
            return true;
        }
        if (type == AqlHeader.TYPE_KERNEL_DISPATCH) {
            hand(queue, packet, kernels);
            return true;
        }
        if (format == VendorPacket.FORMAT_COPY || format == VendorPacket.FORMAT_FILL) {
            hand(queue, packet, copies);
            return true;
        }
        return waiter.run(queue, packet);
    }

    private void hand(Queue queue, Packet packet, PacketEngine engine) {
        signals.flush();
        queue.started();
        packet.submitTo(engine);
    }
}
