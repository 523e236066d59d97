package dev.openppu.model.link;

import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.LinkException;
import dev.openppu.hal.LinkIdentity;
import dev.openppu.hal.LinkInfo;
import dev.openppu.hal.LinkProvider;
import dev.openppu.hal.LinkUri;
import dev.openppu.model.device.DeviceSetup;
import dev.openppu.model.device.Ppu;
import dev.openppu.model.fault.FaultInjector;
import dev.openppu.model.profile.DeviceProfile;
import dev.openppu.model.profile.Profiles;
import dev.openppu.model.sim.Chance;
import dev.openppu.model.sim.World;
import java.util.List;

/** Opens {@code model:PROFILE}: a PPU in this process, powered on for this link. */
public final class ModelLinkProvider implements LinkProvider {
    private static final String SCHEME = "model";
    private static final String SERIAL = "serial";
    private static final String SECURITY_VERSION = "security-version";
    private static final List<String> DEVICE_OPTIONS = List.of(SERIAL, SECURITY_VERSION);

    @Override
    public String scheme() {
        return SCHEME;
    }

    @Override
    public String usage() {
        return "model:PROFILE[?clock=free|sim&seed=N&timescale=X&trace=FILE&serial=N&security-version=N]";
    }

    @Override
    public List<LinkInfo> list() {
        return Profiles.all().stream().map(p -> new LinkInfo(SCHEME + ":" + p.name(), "", p.description(), true, "in-process model"))
                .toList();
    }

    @Override
    public DeviceLink open(LinkUri uri) {
        DeviceProfile profile = Profiles.find(uri.target())
                .orElseThrow(() -> new LinkException("link '%s': there is no profile '%s'; there are: %s".formatted(
                        uri, uri.target(), String.join(", ", Profiles.names()))));
        WorldOptions.demandKnown(uri, DEVICE_OPTIONS);
        WorldOptions options = WorldOptions.of(uri);
        DeviceSetup development = DeviceSetup.development(profile, uri.number(SERIAL).orElse(serial(options.seed())));
        DeviceSetup setup = new DeviceSetup(profile, development.serial(), development.trusted(),
                (int) uri.number(SECURITY_VERSION).orElse(development
                        .lowestSecurityVersion()));
        World world = options.open(uri);
        try {
            FaultInjector faults = new FaultInjector(world);
            return new ModelLink(world, new LinkIdentity(uri.toString(), ModelLink.ADDRESS, describe(profile, world), true), faults,
                    (w, host) -> new Ppu(w, host, setup, faults.plan()));
        } catch (RuntimeException | Error e) {
            world.close();
            throw e;
        }
    }

    private static long serial(long seed) {
        return new Chance(seed).stream(SERIAL).bits();
    }

    private static String describe(DeviceProfile profile, World world) {
        return "in-process model of %s, %s".formatted(profile.product(), world.simulated() ? "simulated clock" : "real time");
    }
}
