package dev.openppu.guest;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Native;
import com.sun.jna.platform.linux.Udev;
import dev.openppu.guest.inside.HotplugProgram;
import dev.openppu.hal.udev.UdevSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Hot-plug as libudev tells of it, without a udev: {@code mvn -Pguest verify}. */
@Tag("guest")
class HotplugGuestTest {
    @Test
    void whatComesGoesAndChangesItsDriverIsTold() throws Exception {
        List<Path> modules = new ArrayList<>(Guests.modules("dev.openppu.harness"));
        List.of(UdevSource.class, Native.class, Udev.class).forEach(type -> modules.add(Guests.place(type)));
        GuestDevice edu = GuestDevice.edu();
        GuestResult result = new Guest(Guests.image(GuestCache.ofUser())).run(new GuestProgram(modules,
                List.of(Guests.place(HotplugProgram.class)), HotplugProgram.class.getName(), List.of(edu.address()), Map.of(), List.of(edu),
                GuestMemory.SHARED, Duration.ofSeconds(110)), Guests.folder("hotplug"));
        assertThat(Guests.good("hotplug", "HotplugProgram", result).output().lines()).containsExactly(
                "after unbinding: UNBOUND 0000:00:10.0", "after removing: WENT 0000:00:10.0", "after rescanning: CAME 0000:00:10.0",
                "after binding: BOUND 0000:00:10.0");
    }
}
