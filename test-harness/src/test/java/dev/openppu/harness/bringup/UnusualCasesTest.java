package dev.openppu.harness.bringup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.openppu.abi.reg.BootError;
import dev.openppu.abi.reg.BootRegs;
import dev.openppu.abi.reg.BootState;
import dev.openppu.abi.reg.FwRegs;
import dev.openppu.abi.reg.MmuReason;
import dev.openppu.abi.reg.MmuRegs;
import dev.openppu.abi.reg.PpuBar0Regs;
import dev.openppu.abi.reg.QueueRegs;
import dev.openppu.abi.reg.QueueState;
import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.dma.DmaAccess;
import dev.openppu.hal.dma.DmaMapping;
import dev.openppu.harness.Suite;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Wrong images and messages, unusual copies, several producers, ends of address spaces: the model keeps the rules, and a rule that is broken turns its cases red. */
class UnusualCasesTest {
    private static final int UNOBSERVABLE = 2;
    private static final int REFUSED = Integer.numberOfTrailingZeros(BootRegs.Status.REFUSED_MASK);

    private static Suite stages(String... ids) {
        return DefectRuns.stages(List.of("firmware", "queues", "dma", "memory"), Set.of(ids));
    }

    @Test
    void theModelKeepsEveryRule() {
        Suite suite = stages("images", "messages", "copies", "producers", "spaces");
        assertThat(DefectRuns.sound(suite).tally().passed()).isEqualTo(suite.size() - UNOBSERVABLE);
    }

    static Stream<Arguments> defects() {
        return Stream.of(
                arguments("a section refused by another name", "images",
                        WrongRegisters.reading(bar0 -> bar0.boot().base() + BootRegs.STATUS_OFFSET,
                                value -> BootRegs.Status.error((int) value) == BootError.BAD_SECTION.value()
                                        ? BootRegs.Status.withError((int) value, BootError.BAD_HEADER)
                                        : value),
                        "boot\\.field\\.section-.*"),
                arguments("a start that counts as a refusal", "images",
                        WrongRegisters.reading(bar0 -> bar0.boot().base() + BootRegs.STATUS_OFFSET,
                                value -> BootRegs.Status.state((int) value) == BootState.RUNNING.value() ? value + (1 << REFUSED) : value),
                        "boot\\.start-twice"),
                arguments("commands taken for a count that no ring could hold", "messages", (UnaryOperator<DeviceLink>) Eager::new,
                        "firmware\\.tail-wild"),
                arguments("a version that is not spoken", "messages",
                        WrongRegisters.reading(bar0 -> bar0.fw().base() + FwRegs.MESSAGE_ABI_OFFSET,
                                value -> value & ~0xff_0000L),
                        "firmware\\.versions"),
                arguments("unmapping that returns too early", "copies", (UnaryOperator<DeviceLink>) UnusualCasesTest::unmappingLate,
                        "dma\\.unmap-amid"),
                arguments("a queue that waits and does not say so", "packets", WrongRegisters.readingQueues(QueueRegs.STATUS_OFFSET,
                        value -> QueueRegs.Status.state((int) value) == QueueState.WAITING.value()
                                ? QueueRegs.Status.withState((int) value, QueueState.IDLE)
                                : value),
                        "queues\\.full"),
                arguments("one producer only", "producers", WrongRegisters.writingQueues(QueueRegs.CONTROL_OFFSET,
                        value -> QueueRegs.Control.withMultiProducer((int) value, false)),
                        "queues\\.producers\\.one-queue"),
                arguments("an invalidation that does nothing", "spaces", (UnaryOperator<DeviceLink>) Forgetful::new,
                        "memory\\.(invalidate\\..*|right-withdrawn)"),
                arguments("a wrong address that counts as a lacking page", "spaces",
                        WrongRegisters.reading(bar0 -> bar0.mmu().base() + MmuRegs.FAULT_STATUS_OFFSET,
                                value -> MmuRegs.FaultStatus.reason((int) value) == MmuReason.INVALID_VA.value()
                                        ? value & ~0xf0 | MmuReason.INVALID_PAGE.value() << 4
                                        : value),
                        "memory\\.(not-canonical|beyond-last)"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("defects")
    void turnsExactlyItsCasesRed(String name, String stage, UnaryOperator<DeviceLink> defect, String expected) {
        Suite suite = stages(stage).only(each -> !each.id().startsWith("queues.bad."));
        DefectRuns.expectRed(suite, defect, DefectRuns.ids(suite, id -> id.matches(expected)));
    }

    // ---- defects

    /** The caller's memory is unmapped when it is mapped for the next time. */
    private static DeviceLink unmappingLate(DeviceLink link) {
        return DefectiveLink.withDma(link, new DefectiveLink.Dma(link.dma()) {
            private Runnable late = () -> {};

            @Override
            public DmaMapping map(MemorySegment memory, DmaAccess access) {
                late.run();
                DmaMapping sound = super.map(memory, access);
                return new DefectiveLink.Shown(sound, sound.memory()) {
                    @Override
                    public void close() {
                        late = sound::close;
                    }
                };
            }
        });
    }

    /** Says that one command more was taken while the count is wild. */
    private static final class Eager extends DefectiveRegisters {
        private long tail;

        Eager(DeviceLink sound) {
            super(sound);
        }

        @Override
        protected long arrives(PpuBar0Regs registers, long offset, long value) {
            tail = offset == registers.fw().base() + FwRegs.COMMAND_TAIL_OFFSET ? value : tail;
            return value;
        }

        @Override
        protected long reads(PpuBar0Regs registers, long offset, long value) {
            boolean head = offset == registers.fw().base() + FwRegs.COMMAND_HEAD_OFFSET;
            return head && Integer.compareUnsigned((int) (tail - value), 4) > 0 ? value + 1 : value;
        }
    }

    /** Counts invalidations and does none. */
    private static final class Forgetful extends DefectiveRegisters {
        private int count;

        Forgetful(DeviceLink sound) {
            super(sound);
        }

        @Override
        protected long arrives(PpuBar0Regs registers, long offset, long value) {
            if (offset != registers.mmu().base() + MmuRegs.INVALIDATE_OFFSET) {
                return value;
            }
            count++;
            return value & Integer.MAX_VALUE; // without start
        }

        @Override
        protected long reads(PpuBar0Regs registers, long offset, long value) {
            return offset == registers.mmu().base() + MmuRegs.INVALIDATE_DONE_OFFSET ? count : value;
        }
    }
}
