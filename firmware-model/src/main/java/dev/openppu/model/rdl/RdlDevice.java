package dev.openppu.model.rdl;

import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.LinkException;
import dev.openppu.hal.LinkIdentity;
import dev.openppu.hal.LinkUri;
import dev.openppu.hal.mmio.Mmio;
import dev.openppu.hal.pci.PciRegister.Command;
import dev.openppu.hal.pci.PciRegister.Header;
import dev.openppu.model.link.ModelLink;
import dev.openppu.model.link.WorldOptions;
import dev.openppu.model.sim.World;
import dev.openppu.rdl.live.LevelHook;
import dev.openppu.rdl.live.LiveRegisters;
import dev.openppu.rdl.model.AddressMap;
import dev.openppu.rdl.path.Locator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A map as a device, with both its sides: the link, as a driver has it, and the live registers behind it, as hardware has them.
 * Safe for the threads that its link knows.
 */
public final class RdlDevice implements AutoCloseable {

    private final World world;
    private final ModelLink link;
    private final RdlFunction function;
    private final int bar;

    private RdlDevice(World world, ModelLink link, RdlFunction function, int bar) {
        this.world = world;
        this.link = link;
        this.function = function;
        this.bar = bar;
    }

    /**
     * Compiles the file that {@code uri} names and powers the device on.
     *
     * @throws LinkException if an option is unknown or malformed, or the file does not compile; with the compiler's messages
     */
    public static RdlDevice open(LinkUri uri) {
        WorldOptions.demandKnown(uri, RdlOptions.NAMES);
        WorldOptions world = WorldOptions.of(uri);
        return open(uri, world, RdlOptions.of(uri));
    }

    /**
     * The map that {@code uri} names, as a device would have it.
     *
     * @throws LinkException if an option is malformed, or the file does not compile; with the compiler's messages
     */
    public static AddressMap map(LinkUri uri) {
        return RdlOptions.of(uri).map();
    }

    /** Powers a device on, free running, that has {@code map} in BAR0: for a map that comes from elsewhere than a file. */
    public static RdlDevice of(AddressMap map) {
        LinkUri uri = new LinkUri(RdlLinkProvider.SCHEME, map.name(), Map.of());
        return open(uri, WorldOptions.of(uri), RdlOptions.of(uri, map));
    }

    private static RdlDevice open(LinkUri uri, WorldOptions worldOptions, RdlOptions options) {
        World world = worldOptions.open(uri);
        try {
            RdlFunction[] made = new RdlFunction[1];
            LinkIdentity identity = new LinkIdentity(WorldOptions.name(uri), ModelLink.ADDRESS, "live registers of " + options.map().name()
                    + (world.simulated() ? ", simulated clock" : ", real time"), true);
            ModelLink link = new ModelLink(world, identity, (_, host) -> {
                made[0] = new RdlFunction(host, options);
                return made[0];
            });
            return new RdlDevice(world, link, made[0], options.bar());
        } catch (RuntimeException | Error e) {
            world.close();
            throw e;
        }
    }

    /** The device as a driver reaches it; {@link #close} closes it. */
    public DeviceLink link() {
        return link;
    }

    /** The BAR that shows the map, with memory decoding and bus mastering switched on. */
    public Mmio registers() {
        int command = link.config().read16(Header.COMMAND);
        link.config().write16(Header.COMMAND, command | Command.MEMORY_SPACE_ENABLE | Command.BUS_MASTER_ENABLE);
        return link.bar(bar);
    }

    /** Finds the map's nodes by path and address. */
    public Locator locator() {
        return function.live().locator();
    }

    /** The registers whose interrupt outputs are vectors, by vector. */
    public List<String> vectors() {
        return function.outputs().paths();
    }

    /** Does something as hardware, alone: no access of software is under way meanwhile. */
    public <T> T hardware(Function<LiveRegisters, T> action) {
        return world.exclusively(() -> action.apply(function.live()));
    }

    /** Tells {@code listener} about every change of an interrupt output, within the access that brings it about. */
    public void listen(LevelHook listener) {
        function.listen(listener);
    }

    /** Stops telling. */
    public void unlisten(LevelHook listener) {
        function.unlisten(listener);
    }

    @Override
    public void close() {
        link.close();
    }
}
