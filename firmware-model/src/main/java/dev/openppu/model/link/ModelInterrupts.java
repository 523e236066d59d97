package dev.openppu.model.link;

import dev.openppu.hal.irq.ControlledInterrupts;
import dev.openppu.hal.irq.MsixControl;
import dev.openppu.hal.irq.VectorControl;
import dev.openppu.model.pcie.InterruptController;
import dev.openppu.model.pcie.PcieFunction;
import dev.openppu.model.sim.World;

/** MSI-X whose messages end in the model's interrupt controller. */
final class ModelInterrupts extends ControlledInterrupts {
    private final World world;
    private final PcieFunction function;
    private final InterruptController controller;

    ModelInterrupts(World world, PcieFunction function, InterruptController controller, VectorControl control) {
        super(control);
        this.world = world;
        this.function = function;
        this.controller = controller;
    }

    /** Messages to the controller. */
    record Messages(InterruptController controller) implements MsixControl.Messages {
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
    public synchronized void enable(int count) {
        control().enable(count, () -> world.exclusively(() -> {
            function.flushUpstream();
            controller.enable(count);
        }));
    }

    @Override
    public synchronized void disable() {
        control().disable();
        world.exclusively(controller::disable);
    }

    @Override
    public long delivered(int vector) {
        control().require(vector);
        return controller.delivered(vector);
    }
}
