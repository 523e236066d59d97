package dev.openppu.harness.bringup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.openppu.abi.PpuIds;
import dev.openppu.abi.packet.Signal;
import dev.openppu.abi.reg.MmuRegs;
import dev.openppu.abi.reg.PpuBar0Regs;
import dev.openppu.abi.reg.QueueError;
import dev.openppu.abi.reg.QueueRegs;
import dev.openppu.abi.reg.QueueState;
import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.dma.DmaAccess;
import dev.openppu.hal.dma.DmaMapping;
import dev.openppu.hal.dma.DmaSpace;
import dev.openppu.hal.irq.Interrupts;
import dev.openppu.hal.mmio.Mmio;
import dev.openppu.harness.Suite;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What barriers remember, what a failure means, large pages: the model keeps the rules, and one that is broken turns exactly its cases red. */
class StatedRulesTest {
    private static final Suite SUITE = DefectRuns
            .stages(List.of("queues", "memory"), Set.of("failures", "spaces"))
            .only(each -> each.id().matches("queues\\.(failed|barrier-and).*|memory\\.invalidate.*"));
    private static final int QUEUES = PpuBar0Regs.QUEUE_COUNT;
    private static final long LARGE_PAGE_MASK = (1L << 21) - 1;

    @Test
    void theModelKeepsEveryRule() {
        assertThat(DefectRuns.sound(SUITE).tally().passed()).isEqualTo(SUITE.size());
    }

    static Stream<Arguments> defects() {
        return Stream.of(
                arguments("a dependency that counts only while all are met", (UnaryOperator<DeviceLink>) AtOnce::new,
                        Set.of("queues.barrier-and.one-by-one")),
                arguments("queues below the one that fails go on", (UnaryOperator<DeviceLink>) link -> new Spared(link, true),
                        Set.of("queues.failed.siblings")),
                arguments("queues above the one that fails go on", (UnaryOperator<DeviceLink>) link -> new Spared(link, false),
                        Set.of("queues.failed.siblings")),
                arguments("no interrupt for a packet that fails", (UnaryOperator<DeviceLink>) StatedRulesTest::silentFailures,
                        Set.of("queues.failed.interrupt")),
                arguments("an error that outlives its queue", (UnaryOperator<DeviceLink>) StaleError::new,
                        Set.of("queues.failed.enabled-again")),
                arguments("an invalidation that forgets 4 KiB of a large page",
                        WrongRegisters.writing(bar0 -> bar0.mmu().base() + MmuRegs.INVALIDATE_ADDRESS_OFFSET,
                                value -> (value & LARGE_PAGE_MASK) < 1 << 16 ? value : value ^ 1L << 40),
                        Set.of("memory.invalidate.large.level-1", "memory.invalidate.large.level-2")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("defects")
    void turnsExactlyItsCasesRed(String name, UnaryOperator<DeviceLink> defect, Set<String> expected) {
        DefectRuns.expectRed(SUITE, defect, expected);
    }

    // ---- defects

    /** The first dependency is not 0 to the device as long as the second is not. */
    private static final class AtOnce extends DefectiveLink {
        private MemorySegment signals = MemorySegment.NULL;

        AtOnce(DeviceLink sound) {
            super(sound);
        }

        @Override
        public DmaSpace dma() {
            return new Dma(super.dma()) {
                @Override
                public DmaMapping allocate(long bytes, DmaAccess access) {
                    DmaMapping mapping = super.allocate(bytes, access);
                    signals = bytes == 512L * Signal.BYTES ? mapping.memory() : signals;
                    return mapping;
                }
            };
        }

        @Override
        public Mmio bar(int index) {
            return through(super.bar(index), new Trap() {
                @Override
                public long read(long offset, int bytes) {
                    if (signals.byteSize() > 0 && value(0) == 0 && value(1) == 1 && value(2) == 1) {
                        Signal.publish(signals, 0, 1);
                    }
                    return super.read(offset, bytes);
                }
            });
        }

        private long value(int signal) {
            return Signal.acquire(signals, (long) signal * Signal.BYTES);
        }
    }

    /** Of a context that is lost, the queues on one side of the failed one seem to go on. */
    private static final class Spared extends DefectiveRegisters {
        private final boolean below;

        Spared(DeviceLink sound, boolean below) {
            super(sound);
            this.below = below;
        }

        @Override
        protected long reads(PpuBar0Regs registers, long offset, long value) {
            long within = offset - registers.queue(0).base();
            if (within < 0 || within >= PpuBar0Regs.QUEUE_COUNT * QueueRegs.SIZE || within % QueueRegs.SIZE != QueueRegs.STATUS_OFFSET
                    || QueueRegs.Status.error((int) value) != QueueError.CONTEXT_LOST.value()) {
                return value;
            }
            int number = (int) (within / QueueRegs.SIZE);
            boolean spared = (below ? IntStream.range(number + 1, QUEUES) : IntStream.range(0, number))
                    .anyMatch(other -> failed(registers, other));
            return spared
                    ? QueueRegs.Status.withState(QueueRegs.Status.withError((int) value, QueueError.NONE), QueueState.IDLE)
                    : value;
        }
    }

    private static boolean failed(PpuBar0Regs registers, int queue) {
        int status = registers.queue(queue).readStatus();
        return QueueRegs.Status.state(status) == QueueState.ERROR.value()
                && QueueRegs.Status.error(status) == QueueError.MEMORY_FAULT.value();
    }

    /** Messages that come when a queue has failed are not delivered. */
    private static DeviceLink silentFailures(DeviceLink link) {
        Interrupts silent = new DefectiveLink.Irq(link.interrupts()) {
            private final Map<Integer, Long> shown = new HashMap<>();

            @Override
            public long delivered(int vector) {
                long now = super.delivered(vector);
                long before = shown.getOrDefault(vector, 0L);
                PpuBar0Regs registers = new PpuBar0Regs(link.bar(PpuIds.BAR_REGISTERS));
                if (now != before && IntStream.range(0, QUEUES).anyMatch(queue -> failed(registers, queue))) {
                    return before;
                }
                shown.put(vector, now);
                return now;
            }
        };
        return new DefectiveLink(link) {
            @Override
            public Interrupts interrupts() {
                return silent;
            }
        };
    }

    /** What failed last is shown for ever. */
    private static final class StaleError extends DefectiveRegisters {
        private long last;

        StaleError(DeviceLink sound) {
            super(sound);
        }

        @Override
        protected long reads(PpuBar0Regs registers, long offset, long value) {
            long within = offset - registers.queue(0).base();
            if (within < 0 || within >= PpuBar0Regs.QUEUE_COUNT * QueueRegs.SIZE
                    || within % QueueRegs.SIZE != QueueRegs.ERROR_PACKET_OFFSET) {
                return value;
            }
            last = value != 0 ? value : last;
            return last;
        }
    }
}
