package dev.openppu.harness.bringup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.openppu.abi.PpuIds;
import dev.openppu.abi.reg.MmuReason;
import dev.openppu.abi.reg.MmuRegs;
import dev.openppu.abi.reg.PpuBar0Regs;
import dev.openppu.abi.reg.QueueError;
import dev.openppu.abi.reg.QueueRegs;
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
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The cases of the suites by subject that the bring-up lacks: the model keeps their rules, and a rule that is broken turns exactly its cases red. */
class HardCasesTest {
    private static final Set<String> STAGES = Set.of("packets", "transfers", "translation");
    private static final Suite SUITE = hard();

    private static Suite hard() {
        Suite all = Suites.ofPpu().of(List.of("queues", "dma", "memory"), SuiteSettings.QUICK, "");
        return new Suite(all.id(), all.title(), all.stages().stream().filter(stage -> STAGES.contains(stage.id())).toList());
    }

    @Test
    void theModelKeepsEveryRule() {
        SuiteReport report = run(link -> link);
        assertThat(report.failures().stream().map(f -> f.subject().id() + ": " + f.outcome().remark())).isEmpty();
        assertThat(report.tally().passed()).isEqualTo(SUITE.size());
    }

    static Stream<Arguments> defects() {
        return Stream.of(
                arguments("a refusal by another name",
                        reading(bar0 -> bar0.queue(0).base() + QueueRegs.STATUS_OFFSET, value -> QueueRegs.Status
                                .error((int) value) == QueueError.INVALID_PACKET.value()
                                        ? QueueRegs.Status.withError((int) value, QueueError.RING_FAULT)
                                        : value),
                        like(id -> id.startsWith("queues.bad."))),
                arguments("a lacking right that counts as a lacking page", reason(MmuReason.NO_RIGHT, MmuReason.INVALID_PAGE),
                        like(id -> id.equals("memory.no-write-right") || id.equals("memory.no-read-right"))),
                arguments("a reserved bit that counts as a lacking page", reason(MmuReason.MALFORMED_ENTRY, MmuReason.INVALID_PAGE),
                        like(id -> id.matches("memory\\.(reserved|leaf-in|table|misaligned).*"))),
                arguments("a page outside the memory by another name", reason(MmuReason.INVALID_PA, MmuReason.INVALID_PAGE),
                        Set.of("memory.outside")),
                arguments("a walk that stops one level late", reading(bar0 -> bar0.mmu().base() + MmuRegs.FAULT_STATUS_OFFSET,
                        value -> MmuRegs.FaultStatus.walkLevel((int) value) == 2 ? value & ~0x3000 | 0x1000 : value),
                        like(id -> id.endsWith(".level-2"))),
                arguments("host memory one byte off", (UnaryOperator<DeviceLink>) HardCasesTest::shifted,
                        like(id -> id.startsWith("dma.every-") && id.endsWith(".to-host"))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("defects")
    void turnsExactlyItsCasesRed(String name, UnaryOperator<DeviceLink> defect, Set<String> expected) {
        List<String> red = run(defect).failures().stream().map(failure -> failure.subject().id()).toList();
        assertThat(red).containsExactlyInAnyOrderElementsOf(expected);
    }

    private static Set<String> like(Predicate<String> ids) {
        return SUITE.stages().stream().flatMap(stage -> stage.cases().stream()).map(each -> each.id()).filter(ids)
                .collect(Collectors.toSet());
    }

    private static UnaryOperator<DeviceLink> reason(MmuReason right, MmuReason wrong) {
        return reading(bar0 -> bar0.mmu().base() + MmuRegs.FAULT_STATUS_OFFSET,
                value -> MmuRegs.FaultStatus.reason((int) value) == right.value() ? value & ~0xf0 | wrong.value() << 4 : value);
    }

    @FunctionalInterface
    private interface Place {
        long in(PpuBar0Regs registers);
    }

    @FunctionalInterface
    private interface Change {
        long of(long value);
    }

    /** A register, of a queue the same of all queues, that reads wrong. */
    private static UnaryOperator<DeviceLink> reading(Place place, Change change) {
        return link -> new DefectiveLink(link) {
            @Override
            public Mmio bar(int index) {
                Mmio window = super.bar(index);
                if (index != PpuIds.BAR_REGISTERS) {
                    return window;
                }
                PpuBar0Regs registers = new PpuBar0Regs(window);
                long wrong = place.in(registers);
                long first = registers.queue(0).base();
                long stride = registers.queue(1).base() - first;
                return through(window, new Trap() {
                    @Override
                    public long read(long offset, int bytes) {
                        long value = super.read(offset, bytes);
                        boolean ofQueues = wrong >= first && wrong < first + stride;
                        boolean here = ofQueues
                                ? offset >= first && (offset - first) % stride == wrong - first
                                        && offset < registers.queue(63).base() + stride
                                : offset == wrong;
                        return here ? change.of(value) : value;
                    }
                });
            }
        };
    }

    private static DeviceLink shifted(DeviceLink link) {
        DmaSpace space = new DefectiveLink.Dma(link.dma()) {
            @Override
            public DmaMapping allocate(long bytes, DmaAccess access) {
                DmaMapping mapping = super.allocate(bytes < 1 << 18 ? bytes : bytes + 1, access);
                return bytes < 1 << 18 ? mapping : new PlantedDefectTest.Shown(mapping, mapping.memory().asSlice(1, bytes));
            }
        };
        return new DefectiveLink(link) {
            @Override
            public DmaSpace dma() {
                return space;
            }
        };
    }

    private static SuiteReport run(UnaryOperator<DeviceLink> defect) {
        try (DeviceLink link = Links.open("model:zw810e?clock=sim&seed=3")) {
            return SuiteRunner.run(SUITE, defect.apply(link), SuiteListener.SILENT);
        }
    }
}
