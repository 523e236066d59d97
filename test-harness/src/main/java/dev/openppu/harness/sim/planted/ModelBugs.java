package dev.openppu.harness.sim.planted;

import static dev.openppu.harness.sim.check.Invariant.*;
import static dev.openppu.harness.sim.planted.CodeChange.*;

import dev.openppu.harness.sim.planted.PlantedBugs.Nursery;
import java.util.List;

/** What could have gone wrong in the device. */
final class ModelBugs {
    private static final Nursery MODEL = new Nursery("dev.openppu.model");

    static final List<PlantedBug> ALL = List.of(
            // PCIe
            MODEL.bug("loads-pass-writes", "a missing flush of posted writes: a DMA load passes the stores before it",
                    "pcie.UpstreamPort#load", dropCall("flush"), "none/mixed", REACH),
            MODEL.bug("interrupt-astray",
                    "an interrupt message goes to the address that its table entry has after a reset: nobody hears it",
                    "pcie.MsixUnit#send", answerCall("address", 0), "none/mixed", DMA).seenByNoOther(),
            MODEL.bug("ring-read-passes-writes", "a read of packets passes the writes before it", "pcie.UpstreamPort#readLines",
                    dropCall("flush"), "none/streams", REACH),
            // command processor
            MODEL.bug("barrier-ignored", "a packet begins before those before its barrier have ended", "command.CommandProcessor#start",
                    answerCall("heldIsOldest", 1), "none/mixed", CONTENTS),
            MODEL.bug("intake-past-end", "packets are read past the end of the ring", "command.Intake#has", shiftResult("min", 1).at(1, 2),
                    "none/streams", REACH),
            MODEL.bug("intake-kept", "packets that were read ahead outlive their queue", "command.Queue#rewind", dropCall("clear"),
                    "engines/contexts", CONTENTS),
            MODEL.bug("read-index-early", "the host is told that a packet was taken that was not", "command.CommandProcessor#tellReadIndex",
                    shiftResult("readIndexToPost", 1), "none/streams", REACH),
            MODEL.bug("signals-behind", "joined completions are not written when the step ends", "command.SignalPort#endStep",
                    dropCall("forget"), "none/streams", REACH),
            MODEL.bug("poll-forgotten", "a lost wake-up: a queue that waits for a value is not looked at again", "command.Waiter#run",
                    dropCall("poll"), "none/streams", REACH),
            MODEL.bug("wait-equal-refused", "a wait that asks for at least a value wants more", "command.Waiter#waitValue",
                    shiftResult("reference", 1), "none/streams", PROGRESS),
            // memory
            MODEL.bug("tlb-mixes-contexts", "translations of one context serve another", "memory.Tlb#tag", constant(3, 63),
                    "none/mixed", REACH),
            MODEL.bug("invalidation-unheard", "an invalidation does not reach the translation buffers", "memory.Mmu#invalidate",
                    dropCall("invalidate"), "none/contexts", REACH),
            MODEL.bug("epoch-unheard", "the page used last outlives an invalidation", "memory.Mmu#nextEpoch", dropStore("epoch"),
                    "none/contexts", REACH),
            MODEL.bug("memory-blames-first", "what concerns no context is said to concern the first", "memory.EccUnit#report",
                    constant(0xffff, 0).at(1, 2), "memory/mixed", REPORTS).seenByNoOther(),
            MODEL.bug("ecc-unit-throws", "the device's own code falls over something that is not there", "memory.EccUnit#<init>",
                    dropStore("agenda"), "memory/mixed", TYPED_ERRORS),
            MODEL.bug("pending-not-kept", "the page that was retired last is not in the list that outlives a reset",
                    "firmware.Retirement#encode", shiftField("count", -1).at(2, 2), "memory/mixed", FELT),
            // engines
            MODEL.bug("copy-dropped-silently", "a copy of a lost context is given up and nobody told", "copy.CopyEngine#burst",
                    dropCall("abandoned"), "memory/all", REACH),
            MODEL.bug("byte-between-bursts", "a copy leaves a byte out between two bursts", "copy.LinearCopy#next",
                    shiftResult("copied", 1).at(1, 2), "none/large", CONTENTS),
            // kernels that go wrong
            MODEL.bug("watchdog-asleep", "kernels run for as long as they like", "dispatch.Dispatcher#request",
                    answerCall("readWatchdog", 0), "none/wrong", TYPED_ERRORS),
            MODEL.bug("rights-ignored", "whoever finds a page may do with it what he likes", "memory.Translation#leaf",
                    answerCall("allows", 1), "none/wrong", TYPED_ERRORS),
            MODEL.bug("count-without-right", "what counts in memory needs the right to read it alone", "memory.Translation#rights",
                    constant(6L, 2L), "none/wrong", TYPED_ERRORS),
            MODEL.bug("byte-store-wide", "a byte is stored to host memory as a word, and the model itself fails where no word begins",
                    "dispatch.KernelMemory#store", shiftLocal(3, 7).at(2, 3), "none/launches", TYPED_ERRORS),
            // power
            MODEL.bug("heat-stays", "clocks stay lowered when a device that got too hot is cool again", "power.PowerUnit#decide",
                    constant(89.0, 0.0), "power/mixed", SURVIVAL),
            MODEL.bug("brake-stays", "the power brake that was let go still holds the clocks down", "power.PowerUnit#brake",
                    insteadOfLocal(1, "true", code -> code.iconst_1()), "power/mixed", SURVIVAL),
            MODEL.bug("too-hot-stays-on", "a device that is too hot does not turn itself off", "power.PowerUnit#decide",
                    dropCall("afterAbout"), "power/mixed", FELT).seenByNoOther(),
            MODEL.bug("brake-ignored", "the board's power brake does not reach the clocks", "power.PowerUnit#brake", dropStore("brake"),
                    "power/mixed", FELT),
            // resets and firmware
            MODEL.bug("queue-reset-too-early", "a reset of a queue ends while a packet is in an engine", "command.QueueReset#look",
                    answerCall("quiet", 1), "engines/mixed", REACH));

    private ModelBugs() {}
}
