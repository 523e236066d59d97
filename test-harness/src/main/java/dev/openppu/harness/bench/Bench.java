package dev.openppu.harness.bench;

import dev.openppu.abi.PpuIds;
import dev.openppu.abi.reg.PpuBar0Regs;
import dev.openppu.abi.reg.PpuBar4Regs;
import dev.openppu.hal.DeviceLink;
import dev.openppu.harness.timeline.TimelineRecorder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The device under test with what cases need of it, made when first asked for.
 *
 * <p>For the one thread that runs the suite.
 */
public final class Bench implements AutoCloseable {
    private final DeviceLink link;
    private final TimelineRecorder timeline;
    private final List<String> notes = new ArrayList<>();
    private Consumer<String> noteListener = note -> {};

    /** @param link stays the caller's */
    public Bench(DeviceLink link, TimelineRecorder timeline) {
        this.link = link;
        this.timeline = timeline;
    }

    public DeviceLink link() {
        return link;
    }

    public TimelineRecorder timeline() {
        return timeline;
    }

    /** The registers of BAR0, through the generated accessors. */
    public PpuBar0Regs registers() {
        return new PpuBar0Regs(link.bar(PpuIds.BAR_REGISTERS));
    }

    /** Doorbells, MSI-X table and pending bits of BAR4. */
    public PpuBar4Regs doorbells() {
        return new PpuBar4Regs(link.bar(PpuIds.BAR_DOORBELLS));
    }

    /** Something worth telling about the case under way. */
    public void note(String text) {
        notes.add(text);
        noteListener.accept(text);
    }

    /** Where notes go while they are made. */
    public void noteTo(Consumer<String> listener) {
        noteListener = listener;
    }

    /** The notes since the last call. */
    public List<String> takeNotes() {
        List<String> taken = List.copyOf(notes);
        notes.clear();
        return taken;
    }

    /** A case ended in a way that says nothing about the state it left: the next one starts from a reset. */
    public void distrust() {}

    @Override
    public void close() {}
}
