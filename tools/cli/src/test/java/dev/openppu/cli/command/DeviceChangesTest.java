package dev.openppu.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.cli.command.DeviceChanges.Change;
import dev.openppu.cli.command.DeviceChanges.What;
import dev.openppu.hal.LinkInfo;
import dev.openppu.hal.hotplug.FunctionEvent;
import dev.openppu.hal.hotplug.FunctionEvent.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeviceChangesTest {
    private static final LinkInfo MODEL = new LinkInfo("model:zw810e", "", "a model", true, "");

    private final DeviceChanges changes = new DeviceChanges();

    private static LinkInfo card(String address, String remark) {
        return new LinkInfo("vfio:" + address, address, "PCI function 1ded:6001", remark.isEmpty(), remark);
    }

    @Test
    void aFunctionComesGetsItsDriverAndGoes() {
        LinkInfo bare = card("0000:01:00.0", "it has no driver");
        LinkInfo bound = card("0000:01:00.0", "");
        assertThat(changes.begin(List.of(MODEL))).containsExactly(new Change(What.THERE, MODEL));
        assertThat(changes.after(new FunctionEvent(Kind.CAME, "0000:01:00.0"), List.of(MODEL, bare)))
                .containsExactly(new Change(What.CAME, bare));
        assertThat(changes.after(new FunctionEvent(Kind.BOUND, "0000:01:00.0"), List.of(MODEL, bound))).containsExactly(
                new Change(What.CHANGED, bound));
        assertThat(changes.after(new FunctionEvent(Kind.WENT, "0000:01:00.0"), List.of(MODEL)))
                .containsExactly(new Change(What.WENT, bound));
    }

    @Test
    void aFunctionThatIsBackBeforeAnybodyLookedHasGoneAllTheSame() {
        LinkInfo one = card("0000:01:00.0", "");
        LinkInfo two = card("0000:02:00.0", "");
        changes.begin(List.of(one, two));
        assertThat(changes.after(new FunctionEvent(Kind.WENT, "0000:02:00.0"), List.of(one, two))).containsExactly(
                new Change(What.WENT, two),
                new Change(What.CAME, two));
        assertThat(changes.after(new FunctionEvent(Kind.CAME, "0000:02:00.0"), List.of(one, two))).isEmpty();
    }

    @Test
    void eventsThatWereLostAreMadeUpForByLooking() {
        LinkInfo one = card("0000:01:00.0", "");
        changes.begin(List.of(one));
        assertThat(changes.after(FunctionEvent.unknown(), List.of())).containsExactly(new Change(What.WENT, one));
    }
}
