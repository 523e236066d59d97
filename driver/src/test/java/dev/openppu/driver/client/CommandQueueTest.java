package dev.openppu.driver.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.openppu.abi.error.HgResult;
import dev.openppu.abi.packet.AqlHeader;
import dev.openppu.abi.packet.CopyPacket;
import dev.openppu.abi.packet.Signal;
import dev.openppu.driver.ContextLostException;
import dev.openppu.driver.PpuException;
import dev.openppu.driver.PpuTimeoutException;
import dev.openppu.driver.fake.ManualRuntime;
import dev.openppu.driver.owner.OwnerService;
import dev.openppu.hal.LinkRuntime;
import dev.openppu.hal.irq.Wakeup;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CommandQueueTest {
    private static final int LOG2 = 2;
    private static final int WORD = CopyPacket.word(true, AqlHeader.SCOPE_SYSTEM, AqlHeader.SCOPE_SYSTEM);

    private final Arena arena = Arena.ofAuto();
    private final ManualRuntime runtime = new ManualRuntime();
    private final MemorySegment status = arena.allocate(8, 8);
    private final MemorySegment ring = arena.allocate(64L << LOG2, 64);
    private final MemorySegment readIndex = arena.allocate(8, 8);
    private final MemorySegment signals = arena.allocate(64, 64);
    private final List<Long> doorbell = new ArrayList<>();
    private final OwnerService owner = mock(OwnerService.class);
    private final ContextLink link = new ContextLink(owner, runtime, "card", new OwnerService.ContextGrant(9, 3, status), 1_000_000);
    private final CommandQueue queue = new CommandQueue(link, "queue 5 of context 3",
            new OwnerService.QueueGrant(5, LOG2, ring, readIndex, doorbell::add, Wakeup.any()),
            new SignalSlot(signals, 0, 0x7000));

    private long copy() {
        queue.claim(1, runtime.nanos() + 1_000_000);
        try {
            CopyPacket.encode(ring, queue.slot(), 0, 0x1111, 0x2222, 0x33, queue.signalAddress());
            return queue.submit(WORD);
        } finally {
            queue.release();
        }
    }

    private void takeAndComplete(long packets) {
        giveBack();
        Signal.publish(readIndex, 0, packets);
        Signal.publish(signals, 0, Long.MAX_VALUE - packets);
    }

    /** All slots, as if the device had taken what is in them. */
    private void giveBack() {
        for (int slot = 0; slot < 1 << LOG2; slot++) {
            AqlHeader.invalidate(ring, (long) slot * AqlHeader.PACKET_BYTES);
        }
    }

    @Test
    void submitsTheBytesOfTheProgrammingGuide() {
        copy();
        assertThat(HexFormat.of().formatHex(ring.asSlice(0, 64).toArray(ValueLayout.JAVA_BYTE))).isEqualTo("0015" + "0100" + "00000000"
                + "1111000000000000" + "2222000000000000" + "3300000000000000" + "0".repeat(48) + "0070000000000000");
        assertThat(doorbell).containsExactly(0L);
    }

    @Test
    void countsCompletionsByTheSignal() {
        long first = copy();
        long second = copy();
        assertThat(queue.completed()).isZero();
        takeAndComplete(1);
        assertThat(queue.reached(first)).isTrue();
        assertThat(queue.reached(second)).isFalse();
        assertThat(queue.submitted()).isEqualTo(2);
    }

    @Test
    void wrapsAroundAndWaitsForSpace() {
        runtime.whileWaiting(() -> takeAndComplete(queue.submitted()));
        for (int i = 0; i < 1000; i++) {
            assertThat(copy()).isEqualTo(i + 1);
        }
        queue.await(1000, LinkRuntime.NEVER);
        assertThat(doorbell).hasSize(1000).endsWith(999L);
    }

    @Test
    void aRingThatStaysFullTimesOut() {
        for (int i = 0; i < 4; i++) {
            copy();
        }
        assertThatThrownBy(this::copy).isInstanceOf(PpuTimeoutException.class).hasMessageContaining("4 packets stayed full");
        assertThat(queue.submitted()).isEqualTo(4);
    }

    @Test
    void waitsEndWhenTheQueueIsClosed() {
        long target = copy();
        runtime.whileWaiting(queue::close);
        assertThatThrownBy(() -> queue.await(target, LinkRuntime.NEVER)).isInstanceOfSatisfying(PpuException.class,
                e -> assertThat(e.hgresult()).isEqualTo(HgResult.INVALID_HANDLE));
        assertThatThrownBy(this::copy).isInstanceOf(PpuException.class);
    }

    @Test
    void aFailedPacketAsksTheOwnerAndEndsAllWaits() {
        long target = copy();
        when(owner.loss(anyInt())).thenReturn(Optional.empty());
        org.mockito.Mockito.doAnswer(call -> {
            status.set(ValueLayout.JAVA_LONG, 0, 1);
            return null;
        }).when(owner).queueFailed(9, 5);
        runtime.whileWaiting(() -> Signal.publish(signals, 0, Signal.FAILED));
        assertThatThrownBy(() -> queue.await(target, LinkRuntime.NEVER)).isInstanceOf(ContextLostException.class);
    }

    @Test
    void aReadIndexThatCannotBeIsNotBelieved() {
        for (int i = 0; i < 4; i++) {
            copy();
        }
        Signal.publish(readIndex, 0, 5);
        assertThatThrownBy(this::copy).isInstanceOf(PpuException.class).hasMessageContaining("took 5 packets after 0 of 4");
        Signal.publish(readIndex, 0, -1);
        assertThatThrownBy(this::copy).isInstanceOf(PpuException.class).hasMessageContaining("took -1");
    }

    @Test
    void aReadIndexThatIsAheadOfTheSlotsIsNotBelieved() {
        for (int i = 0; i < 4; i++) {
            copy();
        }
        Signal.publish(readIndex, 0, 3);
        assertThatThrownBy(this::copy).isInstanceOf(PpuTimeoutException.class).hasMessageContaining("4 packets stayed full");
        assertThat(queue.tryClaim(1)).isFalse();
        for (int slot = 0; slot < 4; slot++) {
            assertThat(AqlHeader.acquire(ring, (long) slot * AqlHeader.PACKET_BYTES)).as("packet %d, which nobody has taken", slot)
                    .isEqualTo(WORD);
        }
        giveBack();
        assertThat(copy()).isEqualTo(5);
    }

    /** The index in memory may be wrong, or the slot: a producer that has waited for a while has the register tell. */
    @Test
    void whereIndexAndSlotsDoNotAgreeTheDevicesRegisterIsAsked() {
        AtomicLong register = new AtomicLong();
        CommandQueue doubting = new CommandQueue(link, "queue 5 of context 3",
                new OwnerService.QueueGrant(5, LOG2, ring, readIndex, doorbell::add, Wakeup.any()), new SignalSlot(signals, 0, 0x7000),
                new QueueSource() {
                    @Override
                    public OwnerService.QueueGrant reopen(long deadlineNanos) {
                        throw new AssertionError("it is not parked");
                    }

                    @Override
                    public void counts(int number, SignalSlot signal, long first) {
                        // nobody looks
                    }

                    @Override
                    public long taken(int number) {
                        return register.get();
                    }

                    @Override
                    public void giveBack(int number) {
                        throw new AssertionError("it is not parked");
                    }
                });
        for (int i = 0; i < 4; i++) {
            doubting.claim(1, LinkRuntime.NEVER);
            doubting.submit(WORD);
            doubting.release();
        }
        Signal.publish(readIndex, 0, 3);
        register.set(1);
        doubting.claim(1, LinkRuntime.NEVER);
        doubting.submit(WORD);
        doubting.release();
        assertThatThrownBy(() -> doubting.claim(1, runtime.nanos() + 50_000_000)).isInstanceOf(PpuTimeoutException.class);
        register.set(6);
        assertThatThrownBy(() -> doubting.claim(1, runtime.nanos() + 50_000_000)).as("it cannot have taken more than there were")
                .isInstanceOf(PpuTimeoutException.class);
        register.set(5);
        doubting.claim(4, LinkRuntime.NEVER);
        doubting.release();
    }

    @Test
    void aCountOfCompletionsThatCannotBeIsNotBelieved() {
        long target = copy();
        Signal.publish(signals, 0, Long.MAX_VALUE - 2);
        assertThatThrownBy(() -> queue.await(target, LinkRuntime.NEVER)).isInstanceOf(PpuException.class)
                .hasMessageContaining("completed 2 packets of 1");
    }

    @Test
    void aQueueThatCountsWhatCannotBeIsFoundByWhoeverGoesOnBehindAnother() {
        CommandQueue other = new CommandQueue(link, "queue 6 of context 3",
                new OwnerService.QueueGrant(6, LOG2, arena.allocate(64L << LOG2, 64), arena.allocate(8, 8), _ -> {}, Wakeup.any()),
                new SignalSlot(arena.allocate(64, 64), 0, 0x7100));
        link.joined(queue);
        link.joined(other);
        copy();
        Signal.publish(signals, 0, Long.MAX_VALUE - 1);
        assertThat(other.done(0)).isTrue();
        Signal.publish(signals, 0, Long.MAX_VALUE - 2);
        assertThatThrownBy(() -> other.done(0)).isInstanceOfSatisfying(PpuException.class, e -> {
            assertThat(e.hgresult()).isEqualTo(HgResult.UNKNOWN);
            assertThat(e).hasMessageContaining("queue 5").hasMessageContaining("completed 2 packets of 1");
        });
        queue.close();
        link.joined(queue); // who goes through the list may meet one that is closed meanwhile, and whose slot is another's now
        assertThat(other.done(0)).isTrue();
    }

    @Test
    void submittingAndPollingAllocateNothing() throws ReflectiveOperationException {
        CommandQueue quiet = new CommandQueue(link, "queue",
                new OwnerService.QueueGrant(6, LOG2, ring, readIndex, packet -> {}, Wakeup.any()),
                new SignalSlot(signals, 0,
                        0x7000));
        for (int i = 0; i < 50_000; i++) {
            submitAndPoll(quiet);
        }
        long before = allocatedBytes();
        for (int i = 0; i < 50_000; i++) {
            submitAndPoll(quiet);
        }
        assertThat(allocatedBytes() - before).isLessThan(20_000);
    }

    /** By reflection, because the driver's module does not read the management modules. */
    private static long allocatedBytes() throws ReflectiveOperationException {
        Object threads = Class.forName("java.lang.management.ManagementFactory").getMethod("getThreadMXBean").invoke(null);
        return (long) Class.forName("com.sun.management.ThreadMXBean").getMethod("getThreadAllocatedBytes", long.class).invoke(threads,
                Thread.currentThread()
                        .threadId());
    }

    private void submitAndPoll(CommandQueue quiet) {
        quiet.claim(1, LinkRuntime.NEVER);
        CopyPacket.encode(ring, quiet.slot(), 0, 1, 2, 3, quiet.signalAddress());
        long target = quiet.submit(WORD);
        quiet.release();
        takeAndComplete(target);
        if (!quiet.reached(target)) {
            throw new AssertionError();
        }
    }
}
