package dev.openppu.concurrency;

import static dev.openppu.concurrency.FencePlant.Shows.EVERYWHERE;
import static dev.openppu.concurrency.FencePlant.Shows.WEAK_ORDER_ONLY;
import static dev.openppu.concurrency.FencePlant.plainField;
import static dev.openppu.harness.sim.planted.CodeChange.before;
import static dev.openppu.harness.sim.planted.CodeChange.callInstead;
import static dev.openppu.harness.sim.planted.CodeChange.dropCall;
import static dev.openppu.harness.sim.planted.CodeChange.insteadOfLocal;
import static dev.openppu.harness.sim.planted.CodeChange.localInsteadOfCall;
import static dev.openppu.harness.sim.planted.CodeChange.localInsteadOfField;
import static dev.openppu.harness.sim.planted.CodeChange.otherCall;
import static java.lang.constant.ConstantDescs.CD_VarHandle;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.openppu.harness.sim.planted.CodeChange;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** What could have been forgotten where threads hand something over. */
final class PlantedFences {
    private static final String CLIENT = "dev.openppu.driver.client.";
    private static final String OWNER = "dev.openppu.driver.owner.";
    private static final String SLEEP = "dev.openppu.hal.realtime.";
    private static final String MODEL = "dev.openppu.model.";
    private static final String RING = CLIENT + "RingStress.";
    private static final String SIGNAL = MODEL + "pcie.SignalStress.";
    private static final String EPOCH = OWNER + "EpochStress.";
    private static final String REPLY = "dev.openppu.hal.vfiouser.ReplyStress.";
    private static final String ASLEEP = SLEEP + "SleepStress.";

    private static final ClassDesc QUEUE = ClassDesc.of(CLIENT + "CommandQueue");
    private static final ClassDesc CONTEXT = ClassDesc.of(CLIENT + "ContextLink");
    private static final ClassDesc GATE = ClassDesc.of(OWNER + "EpochGate");
    private static final ClassDesc EXCHANGE = ClassDesc.of("dev.openppu.hal.vfiouser.Exchange");
    private static final ClassDesc JOB = ClassDesc.of(MODEL + "sim.SharedCopy$Job");
    private static final ClassDesc STORES = ClassDesc.of(MODEL + "pcie.HostStores");
    private static final ClassDesc HEADER = ClassDesc.of("dev.openppu.abi.packet.AqlHeader");
    private static final ClassDesc SEGMENT = desc(MemorySegment.class);

    static final List<FencePlant> ALL = List.of(
            // rings
            FencePlant.of("published-before-counted", "a packet is published, then counted: its completion may be ahead of the count",
                    RING + "Count", EVERYWHERE, CLIENT + "CommandQueue", "submit",
                    before("setRelease", "the packet is published", code -> code.aload(0).getfield(QUEUE, "ring", SEGMENT).lload(4).iload(1)
                            .invokestatic(HEADER, "publish", MethodTypeDesc.of(CD_void, SEGMENT, CD_long, CD_int)))),
            FencePlant.of("header-read-last", "the device reads a packet, then its header", RING + "Publication", EVERYWHERE,
                    MODEL + "pcie.HostStores", "readGroup",
                    insteadOfLocal(8, "the first word is read again, behind the rest", code -> code.aload(0).lload(1).bipush(8)
                            .invokestatic(STORES, "load", MethodTypeDesc.of(CD_long, SEGMENT, CD_long, CD_int)))),
            FencePlant.of("space-not-awaited", "a slot is filled before the device has given it back", RING + "Wrap", EVERYWHERE,
                    CLIENT + "CommandQueue", "tryClaim", CodeChange.answerCall("room", 1)),
            FencePlant.of("turn-in-two-steps", "who finds the turn free takes it, without compare-and-set", RING + "Turns", EVERYWHERE,
                    CLIENT + "CommandQueue", "takeTurn", weaker("compareAndSet", CD_boolean, CD_VarHandle, ConstantDescs.CD_Object, CD_int,
                            CD_int)),
            FencePlant.of("space-without-turn", "who has waited for space goes on without a turn", RING + "TurnsOfThoseWhoWaited",
                    EVERYWHERE,
                    CLIENT + "CommandQueue", "queueUp", dropCall("takeTurn").at(1, 3)),
            FencePlant.of("ringing-forgotten", "who only looked ends its turn without the ringing that was left to it",
                    RING + "RingingLeftToParker", EVERYWHERE, CLIENT + "CommandQueue", "park",
                    otherCall("releaseQuietly", "endTurn").at(1, 3)),
            FencePlant.of("packet-plainly-published", "the header is a plain store", RING + "Publication", WEAK_ORDER_ONLY,
                    "dev.openppu.abi.packet.AqlHeader", "publish", otherCall("setRelease", "set")),
            FencePlant.of("turn-plainly-ended", "the turn is given back by a plain store", RING + "Turns", WEAK_ORDER_ONLY,
                    CLIENT + "CommandQueue", "endTurn", otherCall("setRelease", "set")),
            // signals and interrupts
            FencePlant.of("signal-plainly-read", "a signal is read by a plain load: the compiler may read the data before",
                    SIGNAL + "DataFirst", EVERYWHERE, "dev.openppu.abi.packet.Signal", "acquire", otherCall("getAcquire", "get")),
            FencePlant.of("signal-plainly-told", "the device's store of a signal is a plain one", SIGNAL + "DataFirst", WEAK_ORDER_ONLY,
                    MODEL + "pcie.HostStores", "store", otherCall("setRelease", "set").at(3, 3)),
            FencePlant.of("interrupt-counted-in-two-steps", "a count is read, and written back", SIGNAL + "EachInterruptCounts", EVERYWHERE,
                    MODEL + "pcie.InterruptController", "arrive", weaker("getAndIncrement", CD_long, desc(AtomicLongArray.class), CD_int)),
            // sleep and wake-up
            FencePlant.of("no-fence-before-wake-up", "who wrote looks for sleepers before its store is out", ASLEEP + "Write", EVERYWHERE,
                    SLEEP + "HostWaiters", "memoryChanged", dropCall("fullFence")),
            FencePlant.of("no-fence-at-interrupt", "the same, where an interrupt wakes", ASLEEP + "Interrupt", EVERYWHERE,
                    SLEEP + "HostWaiters", "interrupted", dropCall("fullFence")),
            FencePlant.of("no-fence-before-sleep", "who goes to sleep looks once more before others see that it sleeps", ASLEEP + "Write",
                    WEAK_ORDER_ONLY, SLEEP + "HostWaiters", "announce", dropCall("fullFence")),
            FencePlant.of("slot-in-two-steps", "two sleepers take the same slot", ASLEEP + "TwoSleepers", EVERYWHERE, SLEEP + "WaiterSlots",
                    "tryAdd", weaker("compareAndSet", CD_boolean, desc(AtomicReferenceArray.class), CD_int, ConstantDescs.CD_Object,
                            ConstantDescs.CD_Object)),
            plainField("lock-plainly-given-back", "a lock is given back, and who waits is looked for before that is out",
                    "dev.openppu.driver.sync.LockStress.Handover", EVERYWHERE, "dev.openppu.driver.sync.LinkLock", "held"),
            // resets
            FencePlant.of("done-looked-at-late", "whether the context is lost is looked at before whether the work is done",
                    RING + "LostIsNotDone", EVERYWHERE, CLIENT + "CommandQueue", "done",
                    before("reached", "it is asked whether the context is lost", code -> code.aload(0).getfield(QUEUE, "link", CONTEXT)
                            .invokevirtual(CONTEXT, "lost", MethodTypeDesc.of(CD_boolean)).istore(3)),
                    localInsteadOfCall("lost", 3).at(2, 2)),
            FencePlant.of("gate-looked-at-first", "who comes in looks whether the epoch has ended, then says that it is inside",
                    EPOCH + "Gate", EVERYWHERE, OWNER + "EpochGate", "enter",
                    localInsteadOfField("closed", 1),
                    before("incrementAndGet", "it is looked whether the gate is closed", code -> code.aload(0).getfield(GATE, "closed",
                            CD_boolean).istore(1))),
            plainField("gate-plainly-closed", "who closes the gate counts who is inside before that is out", EPOCH + "Gate", EVERYWHERE,
                    OWNER + "EpochGate", "closed"),
            FencePlant.of("ring-not-announced", "a ring does not say that it is under way", EPOCH + "OldDoorbell", EVERYWHERE,
                    OWNER + "QueueDoorbell", "ring", dropCall("setOpaque")),
            plainField("end-plainly-told", "who polls does not see that the device was given up", EPOCH + "GivenUp", EVERYWHERE,
                    OWNER + "DeviceAccess", "ended"),
            // vfio-user
            FencePlant.of("reply-told-first", "a reply is told before it is there", REPLY + "Contents", EVERYWHERE,
                    "dev.openppu.hal.vfiouser.Exchange", "complete",
                    before("payloadBytes", "the reply is told", code -> code.aload(0).iconst_3().invokevirtual(EXCHANGE, "finish",
                            MethodTypeDesc.of(CD_void, CD_int)))),
            FencePlant.of("reply-claimed-in-two-steps", "who reads a reply does not see that it was given up", REPLY + "LostOrClaimed",
                    EVERYWHERE, "dev.openppu.hal.vfiouser.Exchange", "claim", weaker("compareAndSet", CD_boolean, desc(AtomicInteger.class),
                            CD_int, CD_int)),
            FencePlant.of("doorbell-taken-in-two-steps", "a ring that comes between look and reset is lost",
                    MODEL + "serve.DoorbellStress.LastRing", EVERYWHERE, MODEL + "serve.DoorbellStores", "take",
                    weaker("getAndSet", CD_long, CD_VarHandle, SEGMENT, CD_long, CD_long)),
            // the model's memory
            FencePlant.of("page-noted-in-two-steps", "of two pages that are noted at once one is lost",
                    MODEL + "memory.PagesStress.Neighbours", EVERYWHERE, MODEL + "memory.WrittenPages", "add",
                    callInstead("getAndBitwiseOrRelease", Weaker.CLASS, "bitwiseOr",
                            MethodTypeDesc.of(CD_void, CD_VarHandle, CD_long.arrayType(), CD_int, CD_long))),
            FencePlant.of("piece-counted-first", "a piece of a copy counts as done before it is", MODEL + "sim.CopyStress.Help", EVERYWHERE,
                    MODEL + "sim.SharedCopy$Job", "takePiece",
                    before("copy", "the piece is counted", code -> code.aload(0).getfield(JOB, "ended", desc(AtomicLong.class)).lload(3)
                            .invokevirtual(desc(AtomicLong.class), "addAndGet", MethodTypeDesc.of(CD_long, CD_long)).pop2())));

    private PlantedFences() {}

    private static ClassDesc desc(Class<?> type) {
        return type.describeConstable().orElseThrow();
    }

    /** The method of the same name in {@link Weaker}. */
    private static CodeChange weaker(String method, ClassDesc returns, ClassDesc... takes) {
        return callInstead(method, Weaker.CLASS, method, MethodTypeDesc.of(returns, takes));
    }
}
