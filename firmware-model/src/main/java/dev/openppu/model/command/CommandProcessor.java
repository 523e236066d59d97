package dev.openppu.model.command;

import dev.openppu.abi.packet.AqlHeader;
import dev.openppu.abi.packet.VendorPacket;
import dev.openppu.abi.reg.QueueError;
import dev.openppu.abi.reg.QueueState;
import dev.openppu.model.agenda.Agenda;
import dev.openppu.model.memory.VirtualPort;
import dev.openppu.model.pcie.Completion;
import dev.openppu.model.pcie.HostPort;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The packet processors of all queues: one front end that serves the queues in turn, fetches, checks and starts packets ({@code docs/device.md}, section 5).
 *
 * <p>Each step serves one queue: takes a packet if none is held, and starts the held one if its turn has come. Packets that take time go to engines and overlap.
 */
public final class CommandProcessor implements QueueStops {
    private static final long STEP_NANOS = 120;
    private static final long STEP_SPREAD = 160;

    private final Agenda agenda;
    private final HostPort host;
    private final VirtualPort port;
    private final PacketRules rules;
    private final FaultUnit faults;
    private final PacketEngine copies;
    private final PacketEngine kernels;
    private final Waiter waiter;
    private final Arbiter arbiter = new Arbiter();
    private final List<Queue> queues = new ArrayList<>();
    private final List<Stop> stops = new ArrayList<>();
    private final Completion header = new Completion();
    private final MemorySegment invalidHeader;
    private boolean stepping;
    private long packets;

    private record Stop(List<Queue> queues, int count, IntConsumer done) {}

    /** Parts of the device that the command processor works with. */
    public record Parts(HostPort host, VirtualPort port, FaultUnit faults, PacketEngine copies, PacketEngine kernels, Arena arena) {}

    public CommandProcessor(Agenda agenda, QueueBank bank, Parts parts) {
        this.agenda = agenda;
        this.host = parts.host();
        this.port = parts.port();
        this.rules = new PacketRules(bank.capabilities());
        this.faults = parts.faults();
        this.copies = parts.copies();
        this.kernels = parts.kernels();
        this.waiter = new Waiter(agenda, port, this::ready);
        this.invalidHeader = parts.arena().allocate(Short.BYTES, Short.BYTES);
        invalidHeader.set(ValueLayout.JAVA_BYTE, 0, (byte) AqlHeader.TYPE_INVALID);
        for (int i = 0; i < bank.profile().queues(); i++) {
            MemorySegment memory = parts.arena().allocate((long) Queue.MOST_IN_FLIGHT * AqlHeader.PACKET_BYTES, AqlHeader.PACKET_BYTES);
            queues.add(new Queue(i, bank.registers(i), this, bank.gate(), memory));
        }
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

    /** Packets processed since reset. */
    public long packets() {
        return packets;
    }

    /** Forgets everything, as a reset does. */
    public void reset() {
        queues.forEach(Queue::reset);
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

    /** A queue wants to be served. */
    void ready(Queue queue) {
        arbiter.add(queue.number(), queue.highPriority());
        schedule();
    }

    /** Something wrote memory that waiting queues may be looking at. */
    void signalsChanged() {
        waiter.lookAgain();
    }

    VirtualPort port() {
        return port;
    }

    void countPacket() {
        packets++;
    }

    /** A queue has failed: so have the others of its context. */
    void failed(Queue failed, WorkFault fault) {
        if (agenda.trace().on()) {
            agenda.trace().record("cp", "error",
                    "queue %d %s %s at 0x%x".formatted(failed.number(), fault.error(), fault.reason(), fault.address()));
        }
        faults.report(failed.context(), failed.number(), fault);
        for (Queue queue : queues) {
            if (queue != failed && queue.context() == failed.context()) {
                queue.lose();
            }
        }
    }

    private void schedule() {
        if (!stepping && !arbiter.empty()) {
            stepping = true;
            agenda.afterAbout(STEP_NANOS, STEP_SPREAD, "cp.step", this::step);
        }
    }

    private void step() {
        stepping = false;
        int next = arbiter.next();
        if (next >= 0) {
            serve(queues.get(next));
        }
        schedule();
    }

    private void serve(Queue queue) {
        if (!queue.enabled()) {
            return;
        }
        Packet packet = queue.held();
        if (packet == null) {
            packet = fetch(queue);
        }
        if (packet != null && queue.enabled()) {
            start(queue, packet);
        }
    }

    /** Takes the next packet; null if there is none, or no place for it, or the ring cannot be reached. */
    private @Nullable Packet fetch(Queue queue) {
        Packet place = queue.free();
        if (place == null) {
            queue.show(QueueState.WAITING);
            return null;
        }
        long slot = queue.setup().slot(queue.readIndex());
        // the header first: what was stored before it is visible once it is not INVALID any more
        if (!host.read32(slot, header).ok()) {
            queue.fail(queue.readIndex(), WorkFault.packet(QueueError.RING_FAULT, slot));
            return null;
        }
        int word = (int) header.value;
        if (AqlHeader.type(word) == AqlHeader.TYPE_INVALID) {
            queue.show(queue.quiet() ? QueueState.IDLE : QueueState.RUNNING);
            return null;
        }
        if (!host.read(slot, place.bytes()).ok() || !host.write(slot, invalidHeader).ok()) {
            queue.fail(queue.readIndex(), WorkFault.packet(QueueError.RING_FAULT, slot));
            return null;
        }
        queue.taken(place, word);
        long readIndexAddress = queue.setup().readIndexAddress();
        if (readIndexAddress != 0 && !host.write64(readIndexAddress, queue.readIndex()).ok()) {
            queue.fail(queue.readIndex() - 1, WorkFault.packet(QueueError.RING_FAULT, readIndexAddress));
            return null;
        }
        return place;
    }

    /** Starts the held packet if its turn has come. */
    private void start(Queue queue, Packet packet) {
        int word = packet.header();
        boolean vendor = AqlHeader.type(word) == AqlHeader.TYPE_VENDOR;
        boolean alone = AqlHeader.barrier(word) || vendor && VendorPacket.format(word) == VendorPacket.FORMAT_TIMESTAMP;
        if (alone && !queue.heldIsOldest()) {
            queue.show(QueueState.WAITING);
            return;
        }
        if (agenda.trace().on()) {
            agenda.trace().record("cp", "packet", "queue %d index %d header 0x%08x".formatted(queue.number(), packet.index(), word));
        }
        queue.show(QueueState.RUNNING);
        if (!rules.hold(packet)) {
            queue.failed(packet, WorkFault.packet(QueueError.INVALID_PACKET, packet.index()));
        } else if (!vendor && AqlHeader.type(word) == AqlHeader.TYPE_KERNEL_DISPATCH) {
            submit(queue, packet, kernels);
        } else if (vendor
                && (VendorPacket.format(word) == VendorPacket.FORMAT_COPY || VendorPacket.format(word) == VendorPacket.FORMAT_FILL)) {
            submit(queue, packet, copies);
        } else {
            waiter.run(queue, packet);
        }
    }

    private void submit(Queue queue, Packet packet, PacketEngine engine) {
        queue.started();
        packet.submitTo(engine);
        ready(queue);
    }
}
