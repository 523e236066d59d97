package dev.openppu.model.link;

import dev.openppu.hal.irq.Interrupts;
import dev.openppu.hal.irq.MsixControl;
import dev.openppu.model.pcie.InterruptController;
import dev.openppu.model.pcie.PcieFunction;
import dev.openppu.model.sim.World;

/** MSI-X whose messages end in the model's interrupt controller. */
final class ModelInterrupts implements Interrupts {
    private final World world;
    private final PcieFunction function;
    private final InterruptController controller;
    private final MsixControl msix;
    private final Messages messages = new Messages();

    ModelInterrupts(World world, PcieFunction function, InterruptController controller, MsixControl msix) {
        this.world = world;
        this.function = function;
        this.controller = controller;
        this.msix = msix;
    }

    private final class Messages implements MsixControl.Messages {
        @Override
        public long address(int vector) {
            return controller.messageAddress(vector);
        }

        @Override
        public int data(int vector) {
            return controller.messageData(vector);
        }
    }

    @Override
    public int vectors() {
        return msix.vectors();
    }

    @Override
    public synchronized void enable(int count) {
        msix.enable(count, messages, () -> world.exclusively(() -> {
            function.flushUpstream();
            controller.enable(count);
        }));
    }

    @Override
    public synchronized void disable() {
        msix.disable();
        world.exclusively(controller::disable);
    }

    @Override
    public long delivered(int vector) {
        msix.require(vector);
        return controller.delivered(vector);
    }

    @Override
    public void mask(int vector) {
        msix.require(vector);
        msix.mask(vector);
    }

    @Override
    public void unmask(int vector) {
        msix.require(vector);
        msix.unmask(vector);
    }

    @Override
    public boolean pending(int vector) {
        msix.require(vector);
        return msix.pending(vector);
    }
}
