package dev.openppu.model.serve;

import dev.openppu.hal.pci.PciRegister.Command;
import dev.openppu.hal.pci.PciRegister.Header;
import dev.openppu.hal.vfiouser.protocol.PciRegion;
import dev.openppu.hal.vfiouser.server.ServerEvent;
import dev.openppu.hal.vfiouser.server.VfioUserServer;
import dev.openppu.model.fault.FaultInjector;
import dev.openppu.model.pcie.TestDevice;
import dev.openppu.model.sim.FreeRunningWorld;
import dev.openppu.model.sim.World;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** A device of the tests at a socket, and what its server says. */
final class ServedDevice implements AutoCloseable {
    final Path socket;
    final TestDevice device;
    final ServedModel model;
    final VfioUserServer server;
    final List<ServerEvent> events = new CopyOnWriteArrayList<>();

    ServedDevice(Path folder) {
        this(folder, made -> {});
    }

    /** @param as what it is to be, before anybody uses it */
    ServedDevice(Path folder, Consumer<TestDevice> as) {
        socket = folder.resolve("device.sock");
        World world = new FreeRunningWorld(1);
        TestDevice[] made = new TestDevice[1];
        model = new ServedModel("test:", world, new FaultInjector(world), TestDevice.factory(d -> {
            made[0] = d;
            as.accept(d);
        }));
        device = made[0];
        server = VfioUserServer.open(socket, model, events::add);
    }

    /** Memory decoding and bus mastering on. */
    static RawClient enabled(RawClient client) {
        client.write(PciRegion.CONFIG, Header.COMMAND, 2, Command.MEMORY_SPACE_ENABLE | Command.BUS_MASTER_ENABLE, false);
        return client;
    }

    RawClient client() {
        return RawClient.greeted(socket);
    }

    /** Why clients went, as far as they have. */
    List<ServerEvent.Left> left() {
        return events.stream().filter(ServerEvent.Left.class::isInstance).map(ServerEvent.Left.class::cast).toList();
    }

    static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {

                throw new AssertionError("waited in vain: " + what);
            }
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() {
        server.close();
        model.close();
    }
}
