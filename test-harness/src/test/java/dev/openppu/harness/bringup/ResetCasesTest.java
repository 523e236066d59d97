package dev.openppu.harness.bringup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.abi.reg.EngineResetRegs;
import dev.openppu.abi.reg.PpuBar0Regs;
import dev.openppu.abi.reg.QueueRegs;
import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.ResetKind;
import dev.openppu.hal.dma.DmaAccess;
import dev.openppu.hal.dma.DmaMapping;
import dev.openppu.hal.dma.DmaSpace;
import dev.openppu.hal.irq.Interrupts;
import dev.openppu.harness.Suite;
import dev.openppu.harness.SuiteReport;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Resets amid operations: the model keeps the rules, and each way of breaking them turns exactly the cases red that are about it. */
class ResetCasesTest {
    private static final Suite SUITE = stages("resets", "engine-resets");
    private static final String FUNCTION_LEVEL = "reset.function-level.";

    private static Suite stages(String... ids) {
        return DefectRuns.stages(List.of("reset"), Set.of(ids));
    }

    @Test
    void theModelKeepsEveryRule() {
        SuiteReport report = DefectRuns.sound(SUITE);
        assertThat(report.tally().passed()).isEqualTo(SUITE.size());
        List<String> notes = report.results().stream().flatMap(each -> each.notes().stream()).toList();
        assertThat(notes).as("moments that were missed").noneMatch(note -> note.contains("LOADING (not seen)"));
    }

    /** Three at once; each is seen by its own cases, in its own words. */
    @Test
    void whatComesOfAnOldEpochIsSeen() {
        SuiteReport report = DefectRuns.run(stages("resets").only(each -> each.id().startsWith(FUNCTION_LEVEL)), Haunted::new);
        Map<String, String> red = red(report);
        String late = "nothing of before a FUNCTION_LEVEL reset";
        Map<String, String> expected = Map.of("copy-large-to-device", late, "copy-large-to-host", late, "fill", late, "invalidation", late,
                "engine-reset", "engine_reset.done = 0x0", "interrupt-pending", "messages on vectors that nobody uses");
        assertThat(red.keySet()).containsExactlyInAnyOrderElementsOf(
                expected.keySet().stream().map(FUNCTION_LEVEL::concat).collect(Collectors.toSet()));
        expected.forEach((id, begin) -> assertThat(red.get(FUNCTION_LEVEL + id)).startsWith("expected " + begin));
    }

    @Test
    void aResetOfAQueueOrAnEngineThatIsHalfDoneIsSeen() {
        Set<String> works = Set.of("fill", "kernel", "wait-value");
        Suite some = stages("engine-resets").only(each -> works.contains(each.id().substring(each.id().lastIndexOf('.') + 1)));
        Map<String, String> red = red(DefectRuns.run(some, ResetCasesTest::halfDone));
        assertThat(red).hasSize(some.size());
        red.forEach((id, seen) -> assertThat(seen).as(id)
                .startsWith(id.startsWith("reset.queue.")
                        ? "expected queue.read_index after a reset of the queue"
                        : "expected engine_reset.done"));
    }

    private static Map<String, String> red(SuiteReport report) {
        return report.failures().stream().collect(
                Collectors.toMap(each -> each.subject().id(), each -> each.outcome().remark(), (first, _) -> first, TreeMap::new));
    }

    /** A read index that a queue's reset leaves at 1, and one end too many of engines' resets. */
    private static DeviceLink halfDone(DeviceLink link) {
        return WrongRegisters.readingQueues(QueueRegs.READ_INDEX_OFFSET, index -> index == 0 ? 1 : index)
                .apply(WrongRegisters.reading(bar0 -> bar0.engineReset().base() + EngineResetRegs.DONE_OFFSET,
                        ends -> ends == 0 ? 0 : ends + 1).apply(link));
    }

    /**
     * After a function-level reset: large buffers of before are written once more, a pending message comes after all, and the count of engines' resets is
     * kept.
     */
    private static final class Haunted extends DefectiveRegisters {
        private static final int LARGE = QueueWork.LARGE;

        private @Nullable DmaMapping buffer;
        private boolean engines;
        private boolean kept;
        private boolean masked;
        private boolean pending;
        private boolean late;

        Haunted(DeviceLink sound) {
            super(sound);
        }

        @Override
        public void reset(ResetKind kind) {
            super.reset(kind);
            kept = engines;
            pending = masked;
            late = buffer != null;
            engines = false;
            masked = false;
        }

        @Override
        public DmaSpace dma() {
            return new Dma(super.dma()) {
                @Override
                public DmaMapping allocate(long bytes, DmaAccess access) {
                    DmaMapping mapping = super.allocate(bytes, access);
                    buffer = bytes == LARGE ? mapping : buffer;
                    return mapping;
                }
            };
        }

        @Override
        protected long reads(PpuBar0Regs registers, long offset, long value) {
            boolean wrong = kept && offset == registers.engineReset().base() + EngineResetRegs.DONE_OFFSET;
            kept &= !wrong;
            return wrong ? 3 : value;
        }

        @Override
        protected long arrives(PpuBar0Regs registers, long offset, long value) {
            engines |= offset == registers.engineReset().base() + EngineResetRegs.REQUEST_OFFSET;
            return value;
        }

        @Override
        public Interrupts interrupts() {
            return new Irq(super.interrupts()) {
                @Override
                public void enable(int count) {
                    super.enable(count);
                    DmaMapping old = buffer;
                    if (late && old != null) {
                        old.memory().set(java.lang.foreign.ValueLayout.JAVA_BYTE, LARGE / 2, (byte) 1);
                    }
                    late = false;
                    buffer = null;
                }

                @Override
                public void mask(int vector) {
                    masked = true;
                    super.mask(vector);
                }

                @Override
                public long delivered(int vector) {
                    return super.delivered(vector) + (pending && vector == ResetOperation.VECTOR ? 1 : 0);
                }
            };
        }
    }
}
