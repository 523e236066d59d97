package dev.openppu.harness.bringup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.openppu.abi.reg.MmuReason;
import dev.openppu.abi.reg.MmuRegs;
import dev.openppu.abi.reg.QueueError;
import dev.openppu.abi.reg.QueueRegs;
import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.dma.DmaAccess;
import dev.openppu.hal.dma.DmaMapping;
import dev.openppu.harness.Suite;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The cases of the suites by subject that the bring-up lacks: the model keeps their rules, and a rule that is broken turns exactly its cases red. */
class HardCasesTest {
    private static final Suite SUITE = DefectRuns.stages(List.of("queues", "dma", "memory"), Set.of("packets", "transfers", "translation"));

    @Test
    void theModelKeepsEveryRule() {
        assertThat(DefectRuns.sound(SUITE).tally().passed()).isEqualTo(SUITE.size());
    }

    static Stream<Arguments> defects() {
        return Stream.of(
                arguments("a refusal by another name",
                        WrongRegisters.readingQueues(QueueRegs.STATUS_OFFSET, value -> QueueRegs.Status
                                .error((int) value) == QueueError.INVALID_PACKET.value()
                                        ? QueueRegs.Status.withError((int) value, QueueError.RING_FAULT)
                                        : value),
                        DefectRuns.ids(SUITE, id -> id.startsWith("queues.bad."))),
                arguments("a lacking right that counts as a lacking page", reason(MmuReason.NO_RIGHT, MmuReason.INVALID_PAGE),
                        DefectRuns.ids(SUITE,
                                id -> id.equals("memory.no-write-right") || id.equals("memory.no-read-right")
                                        || id.startsWith("memory.rights."))),
                arguments("a reserved bit that counts as a lacking page", reason(MmuReason.MALFORMED_ENTRY, MmuReason.INVALID_PAGE),
                        DefectRuns.ids(SUITE, id -> id.matches("memory\\.(reserved\\.|leaf-in|table|misaligned).*"))),
                arguments("a page outside the memory by another name", reason(MmuReason.INVALID_PA, MmuReason.INVALID_PAGE),
                        Set.of("memory.outside", "memory.reserved-page", "memory.reserved-within", "memory.root-outside")),
                arguments("a walk that stops one level late",
                        WrongRegisters.reading(bar0 -> bar0.mmu().base() + MmuRegs.FAULT_STATUS_OFFSET,
                                value -> MmuRegs.FaultStatus.walkLevel((int) value) == 2 ? value & ~0x3000 | 0x1000 : value),
                        DefectRuns.ids(SUITE, id -> id.endsWith(".level-2") || id.equals("memory.reserved-within"))),
                arguments("host memory one byte off", (UnaryOperator<DeviceLink>) HardCasesTest::shifted,
                        DefectRuns.ids(SUITE, id -> id.matches("dma\\.(every-.*\\.to-host|bursts\\..*)"))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("defects")
    void turnsExactlyItsCasesRed(String name, UnaryOperator<DeviceLink> defect, Set<String> expected) {
        DefectRuns.expectRed(SUITE, defect, expected);
    }

    private static UnaryOperator<DeviceLink> reason(MmuReason right, MmuReason wrong) {
        return WrongRegisters.reading(bar0 -> bar0.mmu().base() + MmuRegs.FAULT_STATUS_OFFSET,
                value -> MmuRegs.FaultStatus.reason((int) value) == right.value() ? value & ~0xf0 | wrong.value() << 4 : value);
    }

    private static DeviceLink shifted(DeviceLink link) {
        return DefectiveLink.withDma(link, new DefectiveLink.Dma(link.dma()) {
            @Override
            public DmaMapping allocate(long bytes, DmaAccess access) {
                DmaMapping mapping = super.allocate(bytes < 1 << 18 ? bytes : bytes + 1, access);
                return bytes < 1 << 18 ? mapping : new DefectiveLink.Shown(mapping, mapping.memory().asSlice(1, bytes));
            }
        });
    }
}
