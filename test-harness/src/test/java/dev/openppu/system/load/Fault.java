package dev.openppu.system.load;

import static dev.openppu.model.fault.FaultInjector.ANY;

import dev.openppu.abi.reg.Engine;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuException;
import dev.openppu.driver.ResetLevel;
import dev.openppu.driver.UpdateListener;
import dev.openppu.driver.owner.BringUp;
import dev.openppu.hal.LinkRuntime;
import dev.openppu.hal.ResetKind;
import dev.openppu.model.fault.FaultInjector;
import dev.openppu.model.link.ModelLink;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** What can be made to go wrong under load, and how far it may reach. */
enum Fault {
    // ---- nobody may lose anything
    LOST_INTERRUPTS(Reach.NOBODY, it -> it.faults().dropInterrupts(ANY, 200)),
    SPURIOUS_INTERRUPTS(Reach.NOBODY, it -> {
        for (int i = 0; i < 20; i++) {
            it.faults().sendInterrupts(it.vector(), 1 + it.random().nextInt(40));
        }
    }),
    STORM(Reach.NOBODY, it -> {
        int vector = it.vector();
        it.faults().storm(vector, 2_000);
        it.link().runtime().sleep(TimeUnit.MILLISECONDS.toNanos(10));
        it.faults().endStorm(vector);
    }),
    LOST_DOORBELLS(Reach.NOBODY, it -> it.faults().loseDoorbells(ANY, 5)),
    LATE_COMPLETIONS(Reach.NOBODY, it -> it.faults().delayCompletions(ANY, 10, TimeUnit.MILLISECONDS.toNanos(5))),
    SLOW_FIRMWARE(Reach.NOBODY, it -> it.faults().slowFirmware(TimeUnit.MILLISECONDS.toNanos(10))),
    POWER_BRAKE(Reach.NOBODY, it -> it.faults().powerBrake(true)),
    HEAT(Reach.NOBODY, it -> it.faults().ambient(80)),
    CORRECTABLE_ERRORS(Reach.NOBODY, it -> it.flip(200, 1)),

    // ---- contexts may be lost, the device may not
    QUEUE_HANGS(Reach.CONTEXTS, it -> it.someQueue(it.faults()::hangQueue)),
    QUEUE_HANGS_AND_ITS_RESET_FAILS(Reach.CONTEXTS, it -> it.someQueue(queue -> {
        it.faults().failQueueResets(queue, 1);
        it.faults().hangQueue(queue);
    })),
    COPY_ENGINE_HANGS(Reach.CONTEXTS, it -> it.faults().hang(it.random().nextBoolean() ? Engine.COPY0 : Engine.COPY1)),
    BOTH_COPY_ENGINES_HANG(Reach.CONTEXTS, it -> {
        it.faults().hang(Engine.COPY0);
        it.faults().hang(Engine.COPY1);
    }),
    COMPUTE_HANGS(Reach.CONTEXTS, it -> it.faults().hang(Engine.COMPUTE)),
    COMPUTE_HANGS_AND_ITS_RESET_IS_SLOW(Reach.CONTEXTS, it -> {
        it.faults().slowResets(Engine.COMPUTE, 1, TimeUnit.MILLISECONDS.toNanos(5));
        it.faults().hang(Engine.COMPUTE);
    }),
    UNCORRECTABLE_ERRORS(Reach.CONTEXTS, it -> it.flip(20, 3)),

    QUEUES_ARE_RESET_ON_REQUEST(Reach.CONTEXTS, it -> it.ppu().reset(ResetLevel.QUEUE)),
    ENGINES_ARE_RESET_ON_REQUEST(Reach.CONTEXTS, it -> it.ppu().reset(ResetLevel.ENGINE)),
    PREEMPTION_FAILS(Reach.CONTEXTS, it -> it.faults().failPreemptions(5)),

    // ---- the device may be lost, and comes back
    COMPUTE_HANGS_AND_ITS_RESET_FAILS(Reach.EPOCH, it -> {
        it.faults().failResets(Engine.COMPUTE, 10);
        it.faults().hang(Engine.COMPUTE);
    }),
    COPY_HANGS_AND_NO_ENGINE_RESET_HELPS(Reach.EPOCH, it -> {
        for (Engine engine : List.of(Engine.COPY0, Engine.COPY1, Engine.COMPUTE)) {
            it.faults().failResets(engine, 10);
        }
        it.faults().hang(Engine.COPY0);
        it.faults().hang(Engine.COPY1);
    }),
    FIRMWARE_CRASHES(Reach.EPOCH, it -> it.faults().crashFirmware("planted under load")),
    FIRMWARE_HANGS(Reach.EPOCH, it -> it.faults().hangFirmware()),
    FIRMWARE_CRASHES_AND_FUNCTION_RESETS_FAIL(Reach.EPOCH, it -> {
        it.faults().failResets(ResetKind.FUNCTION_LEVEL, 2);
        it.faults().crashFirmware("planted under load");
    }),
    FIRMWARE_CRASHES_AND_THE_RESET_IS_SLOW(Reach.EPOCH, it -> {
        it.faults().slowResets(ResetKind.FUNCTION_LEVEL, 1, TimeUnit.MILLISECONDS.toNanos(1_200));
        it.faults().crashFirmware("planted under load");
    }),
    A_MESSAGE_IS_DAMAGED(Reach.EPOCH, it -> it.faults().damageMessages(1)),
    COMPLETIONS_COME_TWICE(Reach.EPOCH, it -> it.faults().repeatCompletions(ANY, 3)),
    A_FUNCTION_RESET_ON_REQUEST(Reach.EPOCH, it -> it.ppu().reset(ResetLevel.FUNCTION)),
    A_BUS_RESET_ON_REQUEST(Reach.EPOCH, it -> it.ppu().reset(ResetLevel.BUS)),
    A_RESET_DURING_AN_UPDATE_OF_THE_FIRMWARE(Reach.EPOCH, Scene::resetDuringAnUpdate),
    A_RESET_BEHIND_THE_DRIVERS_BACK(Reach.EPOCH, it -> it.link().reset(ResetKind.FUNCTION_LEVEL)),

    // ---- nothing helps
    NO_RESET_HELPS(Reach.DEVICE, it -> {
        it.faults().failResets(ResetKind.FUNCTION_LEVEL, 100);
        it.faults().failResets(ResetKind.SECONDARY_BUS, 100);
        it.faults().crashFirmware("planted under load");
    }),
    SURPRISE_REMOVAL(Reach.DEVICE, it -> it.faults().remove());

    /** Who may lose something. */
    enum Reach {
        NOBODY, CONTEXTS, EPOCH, DEVICE
    }

    private final Reach reach;
    private final Consumer<Scene> act;

    Fault(Reach reach, Consumer<Scene> act) {
        this.reach = reach;
        this.act = act;
    }

    Reach reach() {
        return reach;
    }

    void strike(ModelLink link, Ppu ppu, Random random) {
        act.accept(new Scene(link, ppu, random));
    }

    /** Where it happens. */
    record Scene(ModelLink link, Ppu ppu, Random random) {
        FaultInjector faults() {
            return link.faults();
        }

        int vector() {
            return random.nextInt(10);
        }

        void someQueue(Consumer<Integer> act) {
            List<Integer> held = ppu.owner().queues().holders().held();
            if (!held.isEmpty()) {
                act.accept(held.get(random.nextInt(held.size())));
            }
        }

        void resetDuringAnUpdate() {
            LinkRuntime.Worker updater = link.runtime().start("updater", () -> {
                try {
                    ppu.updateFirmware(BringUp.shippedFirmware(), UpdateListener.SILENT);
                } catch (PpuException e) {
                    // it ends one way or the other
                }
            });
            link.runtime().sleep(random.nextLong(TimeUnit.MILLISECONDS.toNanos(20)));
            ppu.reset(ResetLevel.FUNCTION);
            updater.join(LinkRuntime.NEVER);
        }

        /** Turns bits of words over, somewhere in the memory that is handed out first. */
        void flip(int words, long bits) {
            for (int i = 0; i < words; i++) {
                faults().flipBits(random.nextLong(1 << 17) * Long.BYTES, bits);
            }
        }
    }
}
