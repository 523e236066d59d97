package dev.openppu.harness.bringup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.openppu.abi.PpuIds;
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
import dev.openppu.hal.Links;
import dev.openppu.hal.dma.DmaAccess;
import dev.openppu.hal.dma.DmaMapping;
import dev.openppu.hal.dma.DmaSpace;
import dev.openppu.hal.mmio.Mmio;
import dev.openppu.harness.Suite;
import dev.openppu.harness.SuiteListener;
import dev.openppu.harness.SuiteReport;
import dev.openppu.harness.SuiteRunner;
import dev.openppu.harness.SuiteSettings;
import dev.openppu.harness.Suites;
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
    private static final int UNOBSERVABLE = 3;

    private static Suite stages(String... ids) {
        Suite all = Suites.ofPpu().of(List.of("firmware", "queues", "dma", "memory"), SuiteSettings.QUICK, "");
        return new Suite(all.id(), all.title(), all.stages().stream().filter(stage -> Set.of(ids).contains(stage.id())).toList());
    }

    @Test
    void theModelKeepsEveryRule() {
        Suite suite = stages("images", "messages", "copies", "producers", "spaces");
        SuiteReport report = run(suite, link -> link);
        assertThat(report.failures().stream().map(f -> f.subject().id() + ": " + f.outcome().remark())).isEmpty();
        assertThat(report.tally().passed()).isEqualTo(suite.size() - UNOBSERVABLE);
    }

    static Stream<Arguments> defects() {
        return Stream.of(
                arguments("a section refused by another name", "images",
                        bar0((bar0, offset) -> offset == bar0.boot().base() + BootRegs.STATUS_OFFSET,
                                value -> BootRegs.Status.error((int) value) == BootError.BAD_SECTION.value()
                                        ? BootRegs.Status.withError((int) value, BootError.BAD_HEADER)
                                        : value),
                        "boot\\.field\\.section-.*"),
                arguments("a start that counts as a refusal", "images",
                        bar0((bar0, offset) -> offset == bar0.boot().base() + BootRegs.STATUS_OFFSET,
                                value -> BootRegs.Status.state((int) value) == BootState.RUNNING.value() ? value + (1 << REFUSED) : value),
                        "boot\\.start-twice"),
                arguments("commands taken for a count that no ring could hold", "messages", (UnaryOperator<DeviceLink>) Eager::new,
                        "firmware\\.tail-wild"),
                arguments("a version that is not spoken", "messages",
                        bar0((bar0, offset) -> offset == bar0.fw().base() + FwRegs.MESSAGE_ABI_OFFSET,
                                value -> value & ~0xff_0000L),
                        "firmware\\.versions"),
                arguments("unmapping that returns too early", "copies", (UnaryOperator<DeviceLink>) UnusualCasesTest::unmappingLate,
                        "dma\\.unmap-amid"),
                arguments("a queue that waits and does not say so", "packets", ofQueues(QueueRegs.STATUS_OFFSET,
                        value -> QueueRegs.Status.state((int) value) == QueueState.WAITING.value()
                                ? QueueRegs.Status.withState((int) value, QueueState.IDLE)
                                : value),
                        "queues\\.full"),
                arguments("one producer only", "producers", (UnaryOperator<DeviceLink>) UnusualCasesTest::singleProducer,
                        "queues\\.producers\\.one-queue"),
                arguments("an invalidation that does nothing", "spaces", (UnaryOperator<DeviceLink>) Forgetful::new,
                        "memory\\.(invalidate\\.scope-.|right-withdrawn)"),
                arguments("a wrong address that counts as a lacking page", "spaces",
                        bar0((bar0, offset) -> offset == bar0.mmu().base() + MmuRegs.FAULT_STATUS_OFFSET,
                                value -> MmuRegs.FaultStatus.reason((int) value) == MmuReason.INVALID_VA.value()
                                        ? value & ~0xf0 | MmuReason.INVALID_PAGE.value() << 4
                                        : value),
                        "memory\\.(not-canonical|beyond-last)"));
    }

    private static final int REFUSED = Integer.numberOfTrailingZeros(BootRegs.Status.REFUSED_MASK);

    @ParameterizedTest(name = "{0}")
    @MethodSource("defects")
    void turnsExactlyItsCasesRed(String name, String stage, UnaryOperator<DeviceLink> defect, String expected) {
        Suite suite = stages(stage).only(each -> !each.id().startsWith("queues.bad."));
        List<String> red = run(suite, defect).failures().stream().map(failure -> failure.subject().id()).toList();
        assertThat(red).isNotEmpty().containsExactlyInAnyOrderElementsOf(
                suite.stages().stream().flatMap(s -> s.cases().stream()).map(each -> each.id()).filter(id -> id.matches(expected))
                        .toList());
    }

    // ---- defects

    @FunctionalInterface
    private interface Place {
        boolean is(PpuBar0Regs registers, long offset);
    }

    @FunctionalInterface
    private interface Change {
        long of(long value);
    }

    private static UnaryOperator<DeviceLink> bar0(Place place, Change change) {
        return link -> new Trapping(link) {
            @Override
            long read(PpuBar0Regs registers, long offset, long value) {
                return place.is(registers, offset) ? change.of(value) : value;
            }
        };
    }

    private static UnaryOperator<DeviceLink> ofQueues(long register, Change change) {
        return bar0((registers, offset) -> inQueue(registers, offset) == register, change);
    }

    /** Offset within a queue's block, or negative. */
    private static long inQueue(PpuBar0Regs registers, long offset) {
        long first = registers.queue(0).base();
        long stride = registers.queue(1).base() - first;
        return offset >= first && offset < registers.queue(63).base() + stride ? (offset - first) % stride : -1;
    }

    private static DeviceLink singleProducer(DeviceLink link) {
        return new Trapping(link) {
            @Override
            long write(PpuBar0Regs registers, long offset, long value) {
                return inQueue(registers, offset) == QueueRegs.CONTROL_OFFSET
                        ? QueueRegs.Control.withMultiProducer((int) value, false)
                        : value;
            }
        };
    }

    /** The caller's memory is unmapped when it is mapped for the next time. */
    private static DeviceLink unmappingLate(DeviceLink link) {
        DmaSpace space = new DefectiveLink.Dma(link.dma()) {
            private Runnable late = () -> {};

            @Override
            public DmaMapping map(MemorySegment memory, DmaAccess access) {
                late.run();
                DmaMapping sound = super.map(memory, access);
                return new PlantedDefectTest.Shown(sound, sound.memory()) {
                    @Override
                    public void close() {
                        late = sound::close;
                    }
                };
            }
        };
        return new DefectiveLink(link) {
            @Override
            public DmaSpace dma() {
                return space;
            }
        };
    }

    /** Registers of BAR0 whose reads and writes can be changed. */
    private static class Trapping extends DefectiveLink {
        Trapping(DeviceLink sound) {
            super(sound);
        }

        long read(PpuBar0Regs registers, long offset, long value) {
            return value;
        }

        long write(PpuBar0Regs registers, long offset, long value) {
            return value;
        }

        @Override
        public Mmio bar(int index) {
            Mmio window = super.bar(index);
            PpuBar0Regs registers = new PpuBar0Regs(window);
            return index != PpuIds.BAR_REGISTERS ? window : through(window, new Trap() {
                @Override
                public long read(long offset, int bytes) {
                    return Trapping.this.read(registers, offset, super.read(offset, bytes));
                }

                @Override
                public void write(long offset, int bytes, long value) {
                    super.write(offset, bytes, Trapping.this.write(registers, offset, value));
                }
            });
        }
    }

    /** Says that one command more was taken while the count is wild. */
    private static final class Eager extends Trapping {
        private long tail;

        Eager(DeviceLink sound) {
            super(sound);
        }

        @Override
        long write(PpuBar0Regs registers, long offset, long value) {
            tail = offset == registers.fw().base() + FwRegs.COMMAND_TAIL_OFFSET ? value : tail;
            return value;
        }

        @Override
        long read(PpuBar0Regs registers, long offset, long value) {
            boolean head = offset == registers.fw().base() + FwRegs.COMMAND_HEAD_OFFSET;
            return head && Integer.compareUnsigned((int) (tail - value), 4) > 0 ? value + 1 : value;
        }
    }

    /** Counts invalidations and does none. */
    private static final class Forgetful extends Trapping {
        private int count;

        Forgetful(DeviceLink sound) {
            super(sound);
        }

        @Override
        long write(PpuBar0Regs registers, long offset, long value) {
            if (offset != registers.mmu().base() + MmuRegs.INVALIDATE_OFFSET) {
                return value;
            }
            count++;
            return value & Integer.MAX_VALUE; // without start
        }

        @Override
        long read(PpuBar0Regs registers, long offset, long value) {
            return offset == registers.mmu().base() + MmuRegs.INVALIDATE_DONE_OFFSET ? count : value;
        }
    }

    private static SuiteReport run(Suite suite, UnaryOperator<DeviceLink> defect) {
        try (DeviceLink link = Links.open("model:zw810e?clock=sim&seed=3")) {
            return SuiteRunner.run(suite, defect.apply(link), SuiteListener.SILENT);
        }
    }
}
