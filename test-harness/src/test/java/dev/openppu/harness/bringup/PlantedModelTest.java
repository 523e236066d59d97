package dev.openppu.harness.bringup;

import static dev.openppu.harness.sim.planted.CodeChange.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.openppu.hal.DeviceLink;
import dev.openppu.harness.Suite;
import dev.openppu.harness.SuiteListener;
import dev.openppu.harness.SuiteRunner;
import dev.openppu.harness.SuiteSettings;
import dev.openppu.harness.Suites;
import dev.openppu.harness.sim.planted.CodeChange;
import java.io.IOException;
import java.lang.classfile.Opcode;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Small wrong changes to the model's own code that no life feels: the suites find them, by the case that holds the device to the rule. */
class PlantedModelTest {
    private static final String MODEL = "model:zw810e?clock=sim&seed=3";
    private static final Suite ALL = Suites.ofPpu().of(List.of(Suites.ALL), SuiteSettings.QUICK, "");

    static Stream<Arguments> bugs() {
        return Stream.of(
                bug("a context's end is answered before its engines have stopped", "command.CommandProcessor#quieted",
                        answerCall("allMatch", 1), "firmware.kill-context.kernel"),
                bug("an update's part may reach beyond the image", "firmware.Updater#data", shiftField("bytes", 1),
                        "firmware.update.lengths"),
                bug("ECC comes back with every reset, whatever was asked for", "memory.EccUnit#reset", answerCall("pending", 1),
                        "memory.ecc-pending.function-level"),
                bug("corrected errors of a page are counted over resets", "memory.EccUnit#reset", dropCall("clear").at(2, 2),
                        "memory.ecc.page-count"),
                bug("a write that begins within a bad word makes it readable", "memory.ErrorCorrection#heal", neverBranch(Opcode.IFLT),
                        "memory.ecc.partial.fill"),
                bug("every reset cools the die", "power.PowerUnit#reset", neverBranch(Opcode.IFEQ), "power.heat.reset.function-level"),
                bug("the memory is as warm as the die", "power.ThermalModel#memoryTemperature", constant(1.1, 1.0), "power.heat.memory"),
                bug("an atomic operation needs no right to write", "memory.Translation#rights", constant(6L, 2L),
                        "memory.rights.kernel-atomic"),
                bug("a completion signal needs no right to be read", "memory.Translation#rights", constant(6L, 4L),
                        "memory.rights.signal"),
                bug("low priorities wait until nobody else does", "command.Turns#next", shiftField("patience", 1_000_000),
                        "queues.priority.copies-starve.level-0"),
                bug("a packet other than a copy begins before those before its barrier", "command.CommandProcessor#start",
                        answerCall("heldIsOldest", 1), "queues.barrier-bit.barrier-and"),
                bug("the heart beats at half the rate that it says", "firmware.Heartbeat#run", constant(1000L, 2000L),
                        "firmware.heartbeat"),
                bug("replies outlive the rings of who asked", "firmware.EventRing#close", dropCall("removeIf"),
                        "firmware.rings-taken.full"),
                bug("what was pending in D3hot is forgotten in D0", "pcie.PowerState#recovered", dropCall("run"), "pci.power.interrupts"),
                bug("a kernel keeps a translation that was invalidated", "compute.GlobalMemory#begin", answerCall("epoch", 0),
                        "memory.invalidate.amid-kernel"),
                bug("a message that is held back goes to the vector that the queue had before", "interrupt.VectorGate#request",
                        oldVectorWhileHeld(), "interrupts.queue.held-moved"),
                bug("a reset does not forget that a message is held back", "interrupt.VectorGate#reset", dropStore("held"),
                        "interrupts.queue.held-reset"),
                bug("moderation that was turned off holds one more message back", "interrupt.VectorGate#request", shiftField("micros", 1),
                        "interrupts.moderation.off-at-once"),
                bug("a dependency may be anywhere", "command.PacketRules#barrier", answerCall("aligned", 1),
                        "queues.bad.misaligned-signals"),
                bug("a value to write may be anywhere", "command.PacketRules#vendor", answerCall("aligned", 1).at(2, 3),
                        "queues.bad.misaligned"),
                bug("reserved fields of a dispatch are not looked at", "command.PacketRules#dispatch", answerCall("reservedClear", 1),
                        "queues.bad.dispatch"),
                bug("a block may have any number of threads", "command.PacketRules#dispatch", constant(1024L, Long.MAX_VALUE).at(3, 3),
                        "queues.bad.dispatch-extents"),
                bug("a fill may have as many elements of four bytes as of one", "command.PacketRules#fill", neverBranch(Opcode.IFGT),
                        "queues.bad.values"),
                bug("completions are not counted as progress", "command.Queue#ended", dropStore("progress"), "queues.progress"),
                bug("a doorbell has to be above the last one", "command.Queue#rung", shiftField("doorbell", 1), "queues.doorbell-twice"));
    }

    private static CodeChange oldVectorWhileHeld() {
        ClassDesc gate = ClassDesc.of("dev.openppu.model.interrupt.VectorGate");
        return insteadOfLocal(1, "the vector is kept while a message is held back", code -> code.aload(0)
                .getfield(gate, "held", ConstantDescs.CD_boolean)
                .ifThenElse(held -> held.aload(0).getfield(gate, "vector", ConstantDescs.CD_int), free -> free.iload(1)));
    }

    private static Arguments bug(String what, String place, CodeChange change, String caughtBy) {
        return arguments(what, place, change, caughtBy);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bugs")
    void isFoundByItsCase(String what, String place, CodeChange change, String caughtBy) throws ReflectiveOperationException, IOException {
        Suite suite = ALL.only(each -> each.id().equals(caughtBy));
        assertThat(suite.size()).isEqualTo(1);
        DefectRuns.sound(suite);
        try (DeviceLink link = PlantedModel.open(MODEL, place, change)) {
            assertThat(DefectRuns.red(SuiteRunner.run(suite, link, SuiteListener.SILENT))).containsExactly(caughtBy);
        }
    }
}
