package dev.openppu.harness.bench;

import dev.openppu.driver.BringUpListener;
import dev.openppu.driver.BringUpStage;
import dev.openppu.driver.PpuException;
import dev.openppu.harness.timeline.TimelineRecorder;
import java.util.function.Consumer;

/** Puts the driver's bring-up on the timeline, stage by stage, and its findings among the notes. */
final class DriverStages implements BringUpListener {
    private final TimelineRecorder timeline;
    private final Consumer<String> notes;
    private long begun;

    DriverStages(TimelineRecorder timeline, Consumer<String> notes) {
        this.timeline = timeline;
        this.notes = notes;
    }

    @Override
    public void began(BringUpStage stage, long nanos) {
        begun = timeline.now();
    }

    @Override
    public void detail(BringUpStage stage, String detail) {
        notes.accept(stage.title() + ": " + detail);
    }

    @Override
    public void ended(BringUpStage stage, long nanos) {
        timeline.span("driver", stage.title(), begun, timeline.now(), "driver");
    }

    @Override
    public void failed(BringUpStage stage, long nanos, PpuException failure) {
        timeline.span("driver", stage.title(), begun, timeline.now(), "failed");
    }
}
