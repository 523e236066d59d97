package dev.openppu.model.link;

import dev.openppu.hal.LinkException;
import dev.openppu.hal.LinkUri;
import dev.openppu.model.device.DeviceSetup;
import dev.openppu.model.device.Ppu;
import dev.openppu.model.fault.FaultInjector;
import dev.openppu.model.pcie.FunctionLogic;
import dev.openppu.model.profile.DeviceProfile;
import dev.openppu.model.profile.Profiles;
import dev.openppu.model.sim.Chance;
import dev.openppu.model.sim.World;
import java.util.List;

/**
 * What {@code model:PROFILE?option=value&…} names: a device, and the world that it is in.
 *
 * @param setup of the device
 * @param options of its world
 */
public record ModelSpec(LinkUri uri, DeviceSetup setup, WorldOptions options) {
    private static final String SERIAL = "serial";
    private static final String SECURITY_VERSION = "security-version";
    private static final List<String> DEVICE_OPTIONS = List.of(SERIAL, SECURITY_VERSION);

    /** @throws LinkException if there is no such profile or option */
    public static ModelSpec of(LinkUri uri) {
        DeviceProfile profile = Profiles.find(uri.target())
                .orElseThrow(() -> new LinkException("link '%s': there is no profile '%s'; there are: %s".formatted(
                        uri, uri.target(), String.join(", ", Profiles.names()))));
        WorldOptions.demandKnown(uri, DEVICE_OPTIONS);
        WorldOptions options = WorldOptions.of(uri);
        DeviceSetup development = DeviceSetup.development(profile, uri.number(SERIAL).orElse(serial(options.seed())));
        return new ModelSpec(uri, new DeviceSetup(profile, development.serial(), development.trusted(),
                (int) uri.number(SECURITY_VERSION).orElse(development.lowestSecurityVersion())), options);
    }

    private static long serial(long seed) {
        return new Chance(seed).stream(SERIAL).bits();
    }

    public World openWorld() {
        return options.open(uri);
    }

    /** Makes the device, which can be made to go wrong. */
    public FunctionLogic.Factory logic(FaultInjector faults) {
        return (world, host) -> new Ppu(world, host, setup, faults.plan());
    }
}
