package dev.openppu.harness.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.harness.explain.Explanation.Lane;
import dev.openppu.harness.explain.Explanation.Row;
import dev.openppu.harness.explain.Explanation.Tone;
import dev.openppu.harness.sim.FaultProfile;
import dev.openppu.harness.sim.LifeResult;
import dev.openppu.harness.sim.LifeSpec;
import dev.openppu.harness.sim.work.Workload;
import dev.openppu.harness.timeline.Timeline.Mark;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is shown of a trace, and in which words. */
class ExplanationTest {
    private final Tail tail = new Tail(6);
    private long now;

    private void happens(String actor, String kind, String detail) {
        tail.add(new Mark(actor, kind, now++, detail));
    }

    private void someEvents(int count) {
        for (int i = 0; i < count; i++) {
            happens("pcie", "dma-read", "iova=0x" + now);
        }
    }

    private Explanation explanation() {
        LifeSpec spec = LifeSpec.of("zw810e", 1, FaultProfile.find("none").orElseThrow(), Workload.find("mixed").orElseThrow());
        return Explanation.of(new LifeResult(spec, Optional.empty(), List.of(), 0, 0, 1, 0), tail);
    }

    private List<String> texts() {
        return explanation().rows().stream().map(Row::text).toList();
    }

    @Test
    void whatWasViolatedEndsIt() {
        happens("host.2:tenant-0", "step", "3 copy-in");
        happens("fault", "strikes", "dma-torn@3:1f");
        someEvents(20);
        happens("host.2:tenant-0", "violation", "contents: word 3");
        happens("host.3:tenant-1", "violation", "contents: word 4");
        someEvents(20);
        Explanation explanation = explanation();
        assertThat(explanation.events()).isEqualTo(23);
        assertThat(texts()).hasSize(8).startsWith("step 3 copy-in",
                "FAULT dma-torn@3:1f: a write to host memory arrives in two parts, split at a cache line", "dma-read iova=0x17")
                .endsWith("VIOLATED contents: word 3");
        assertThat(explanation.rows().get(2).skipped()).isEqualTo(15);
        assertThat(explanation.rows().getLast().tone()).isEqualTo(Tone.VIOLATION);
        assertThat(explanation.lanes()).containsExactly(new Lane("host.2:tenant-0", true), new Lane("fault", false),
                new Lane("pcie", false));
    }

    @Test
    void withoutAViolationItIsWhatIsAroundTheLastFault() {
        someEvents(10);
        happens("fault", "strikes", "removal@1:1");
        someEvents(10);
        assertThat(texts()).containsExactly("dma-read iova=0x8", "dma-read iova=0x9",
                "FAULT removal@1:1: the device is pulled out", "dma-read iova=0x11", "dma-read iova=0x12", "dma-read iova=0x13");
    }

    @Test
    void withoutAFaultItIsTheEnd() {
        someEvents(10);
        assertThat(texts()).hasSize(6).endsWith("dma-read iova=0x9");
        assertThat(new Tail(3).events()).isEmpty();
    }

    @Test
    void registersAndPacketsAreDecoded() {
        happens("host", "mmio-read", "bar0+0x1008 boot.status bytes=4 = 0x30602");
        happens("host", "mmio-write", "bar4+0x5000 queue[5].ring bytes=8 = 0x7");
        happens("host", "mmio-write", "bar2+0x21038 bytes=8 = 0x100630037");
        happens("cp", "packet", "queue 5 index 0 header 0x00021500");
        happens("sim", "event", "copy.begin");
        happens("sim", "run", "host.2:tenant-0");
        assertThat(texts()).containsExactly("read boot.status = 0x30602  state=ROM_READY error=BAD_SIGNATURE refused=3",
                "write queue[5].ring = 0x7", "write bar2+0x21038 bytes=8 = 0x100630037", "fill packet starts: queue 5 index 0",
                "copy.begin");
        assertThat(explanation().lanes().stream().map(Lane::name)).containsExactly("host", "cp", "copy");
    }
}
