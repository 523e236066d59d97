package dev.openppu.model.link;

import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.LinkIdentity;
import dev.openppu.hal.LinkInfo;
import dev.openppu.hal.LinkProvider;
import dev.openppu.hal.LinkUri;
import dev.openppu.model.fault.FaultInjector;
import dev.openppu.model.profile.DeviceProfile;
import dev.openppu.model.profile.Profiles;
import dev.openppu.model.sim.World;
import java.util.List;

/** Opens {@code model:PROFILE}: a PPU in this process, powered on for this link. */
public final class ModelLinkProvider implements LinkProvider {
    private static final String SCHEME = "model";

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
        ModelSpec spec = ModelSpec.of(uri);
        World world = spec.openWorld();
        try {
            FaultInjector faults = new FaultInjector(world);
            String description = describe(spec.setup().profile(), world);
            return new ModelLink(world, new LinkIdentity(WorldOptions.name(uri), ModelLink.ADDRESS, description, true), faults,
                    spec.logic(faults));
        } catch (RuntimeException | Error e) {
            world.close();
            throw e;
        }
    }

    private static String describe(DeviceProfile profile, World world) {
        return "in-process model of %s, %s".formatted(profile.product(), world.simulated() ? "simulated clock" : "real time");
    }
}
