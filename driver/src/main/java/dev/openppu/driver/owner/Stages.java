package dev.openppu.driver.owner;

import dev.openppu.driver.BringUpListener;
import dev.openppu.driver.BringUpStage;
import dev.openppu.driver.PpuException;
import dev.openppu.hal.LinkRuntime;
import org.jspecify.annotations.Nullable;

/** Tells a listener of the stages of one bring-up in their order, none left out. */
final class Stages {
    private final BringUpListener listener;
    private final LinkRuntime runtime;
    private @Nullable BringUpStage current;

    Stages(BringUpListener listener, LinkRuntime runtime) {
        this.listener = listener;
        this.runtime = runtime;
    }

    /** Ends what is under way and everything before {@code stage}, and begins it; nothing happens if it, or a later one, is under way. */
    void enter(BringUpStage stage) {
        int from = current == null ? -1 : current.ordinal();
        for (int i = from + 1; i <= stage.ordinal(); i++) {
            end();
            current = BringUpStage.values()[i];
            listener.began(current, runtime.nanos());
        }
    }

    void detail(String text) {
        if (current != null) {
            listener.detail(current, text);
        }
    }

    void end() {
        if (current != null) {
            listener.ended(current, runtime.nanos());
        }
    }

    void failed(PpuException failure) {
        if (current != null) {
            listener.failed(current, runtime.nanos(), failure);
        }
    }
}
