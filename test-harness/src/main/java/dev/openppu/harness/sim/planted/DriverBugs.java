package dev.openppu.harness.sim.planted;

import static dev.openppu.harness.sim.check.Invariant.*;
import static dev.openppu.harness.sim.planted.CodeChange.*;

import dev.openppu.harness.sim.planted.PlantedBugs.Nursery;
import java.lang.classfile.Opcode;
import java.lang.constant.ClassDesc;
import java.util.List;

/** What could have gone wrong in the driver. */
final class DriverBugs {
    private static final Nursery DRIVER = new Nursery("dev.openppu.driver");

    static final List<PlantedBug> ALL = List.of(
            // queues and completion
            DRIVER.bug("ring-overfull", "off by one at wrap: a full ring takes one packet more", "client.CommandQueue#room",
                    shiftLocal(1, -1).at(1, 2), "none/streams", PROGRESS),
            DRIVER.bug("ring-unchecked", "nobody looks whether the ring has room", "client.CommandQueue#claim", answerCall("room", 1),
                    "none/streams", PROGRESS),
            DRIVER.bug("target-short", "a packet's end is that of the packet before it: a completion trusted too early",
                    "client.CommandQueue#submit", constant(1L, 0L).at(2, 2), "none/mixed", CONTENTS),
            DRIVER.bug("lane-not-told", "a stream does not note its last packet: it counts as done too early", "client.Lane#submit",
                    dropCall("setRelease"), "none/mixed", CONTENTS),
            // signals and fences
            DRIVER.bug("event-taken-for-reached", "a wait for an event of another stream is left out", "StreamPackets#waitFor",
                    answerCall("reached", 1), "none/mixed", CONTENTS),
            DRIVER.bug("threads-kept", "a driver that is closed leaves its threads behind", "owner.DeviceOwner#leave",
                    dropCall("close").at(1, 6),
                    "none/mixed", LEAKS),
            DRIVER.bug("loss-untold", "a device is lost, and no XID says so", "owner.DeviceOwner#lose", dropCall("add"), "resets/mixed",
                    REPORTS),
            // memory
            DRIVER.bug("entries-not-flushed", "a missing flush of posted writes: a packet names pages whose entries are on their way",
                    "owner.AddressSpace#map", dropCall("flush"), "benign/contexts", REACH).seenByNoOther(),
            DRIVER.bug("context-not-invalidated", "a context's number is used again with its translations",
                    "owner.ContextKeeper#lambda$close$3", dropCall("invalidate"), "none/contexts", REACH),
            DRIVER.bug("neighbours-merged", "a freed range is merged with one that does not touch it", "owner.RangeAllocator#free",
                    branch(Opcode.IFNE, Opcode.IFEQ), "none/contexts", TYPED_ERRORS),
            DRIVER.bug("free-bytes-kept", "taken memory is counted free", "owner.RangeAllocator#remove", dropStore("freeBytes"),
                    "none/contexts", LEAKS),
            DRIVER.bug("mapping-kept", "pinned memory is given back without its mapping", "owner.PinnedMemory#free", dropCall("close"),
                    "none/mixed", LEAKS).seenByNoOther(),
            DRIVER.bug("freed-twice", "a freed allocation stays in the books", "owner.AddressSpace#take", otherCall("remove", "get"),
                    "none/mixed", TYPED_ERRORS),
            DRIVER.bug("pool-released-early", "pooled memory goes back to the device while a stream still uses it",
                    "MemoryPool#releaseUntil", answerCall("reached", 1), "none/mixed", REACH),
            DRIVER.bug("arguments-overwritten", "parameters are written where those of a packet in flight are",
                    "client.ArgumentArea#<init>", constant(8L, -2L), "none/kernels", CONTENTS),
            // staging
            DRIVER.bug("piece-not-awaited", "a copy to the host is read before it has arrived", "client.StagedCopy#drain",
                    dropCall("await"), "none/copies", CONTENTS).seenByNoOther(),
            DRIVER.bug("chunk-too-early", "a staging chunk is filled again while the device reads it",
                    "client.StagingArea$Packet#over", answerCall("reached", 1), "none/copies", CONTENTS),
            DRIVER.bug("chunk-kept", "a staging chunk is not given back", "client.StagedCopy#drain", dropCall("giveBack"),
                    "none/copies", PROGRESS).seenByNoOther(),
            DRIVER.bug("second-chunk-misplaced", "a staging chunk behind the first goes one byte too low", "client.StagedCopy#feed",
                    lessBehindFirst(4).at(4, 5), "none/large", CONTENTS),
            DRIVER.bug("second-piece-short", "a piece behind the first lacks its last byte", "client.StagedCopy#drain",
                    lessBehindFirst("copy", 8, ClassDesc.of("dev.openppu.driver.client.StagedCopy$Piece"), "offset"), "none/large",
                    CONTENTS),
            // values, rectangles and times
            DRIVER.bug("fill-narrowed", "a fill of 16 bits takes 8", "Stream#fill16", constant(0xffffL, 0xffL), "none/rectangles",
                    CONTENTS),
            DRIVER.bug("wait-narrowed", "a wait for a value of 32 bits asks for 16", "Stream#waitValue32",
                    constant(0xffff_ffffL, 0xffffL), "none/all", PROGRESS),
            DRIVER.bug("pitch-of-the-other", "rows are read by the pitch with which they are written", "Rectangles#copy",
                    local(2, 1).at(8, 8), "none/rectangles", REACH),
            DRIVER.bug("time-backwards", "a difference of times has the other sign", "Event#nanosSince", negated(Opcode.LSUB),
                    "none/all", ORDER),
            DRIVER.bug("default-stream-unordered", "work is not held behind the legacy default stream", "StreamPackets#prepare",
                    dropCall("before"), "none/defaults", CONTENTS),
            DRIVER.bug("heartbeat-trusted", "a firmware whose heartbeat has stopped is not missed", "owner.Health#check", dropCall("probe"),
                    "firmware/mixed", FELT),
            // pooled memory that stays, and launches
            DRIVER.bug("pool-not-awaited", "memory that one stream has freed is another's before the work on it has ended",
                    "MemoryPool#allocate", dropCall("waitFor"), "none/pools", CONTENTS),
            DRIVER.bug("event-wait-untold", "who waits for an event does not have pools give back what they need not keep", "Event#await",
                    dropCall("waited"), "none/pools", LEAKS),
            DRIVER.bug("high-forgotten", "a pool forgets how much it had when it takes more", "MemoryPool#reserve",
                    field("reservedHigh", "reserved"), "none/pools", LEAKS),
            DRIVER.bug("large-arguments-overwritten", "a large block of parameters is written where that of a packet in flight is",
                    "client.ArgumentArea#claim", answerCall("reached", 1), "none/launches", CONTENTS),
            DRIVER.bug("dimensions-of-fewer", "a launch has as many dimensions as the one of grid and block that has fewer",
                    "StreamPackets#launch", otherCall("max", "min"), "none/launches", REACH),
            // questions
            DRIVER.bug("legacy-asked-alone", "the legacy default stream answers for itself only", "DefaultStreams#settled",
                    answerCall("unfinished", 0), "none/queries", CONTENTS),
            DRIVER.bug("columns-overlap", "columns that touch count as overlapping",
                    "Ranges#requireApart(Ldev/openppu/driver/Pitched;Ldev/openppu/driver/Pitched;JJ)V", constant(1L, 0L).at(1, 2),
                    "none/queries",
                    REACH),
            DRIVER.bug("closed-stays-current", "a context that is closed stays current to its thread", "CurrentContexts#popIfTop",
                    dropCall("pop"), "none/contexts", CONTENTS),
            // what is reported
            DRIVER.bug("report-misnumbered", "an XID is reported by the number of another", "owner.ReportedFaults#xid",
                    shiftResult("xid", 1).at(4, 4), "memory/mixed", REPORTS).seenByNoOther(),
            DRIVER.bug("blame-misplaced", "who lost its work to a reset for another is told that it was its own",
                    "owner.ResidentFault#loss(IILdev/openppu/driver/owner/HardwareQueue;)Ldev/openppu/driver/owner/OwnerService$ContextLoss;",
                    branch(Opcode.IF_ACMPNE, Opcode.IF_ACMPEQ), "all/all", REPORTS),
            // between contexts, and what is set
            DRIVER.bug("peer-copy-early", "a copy to another context counts as done before its bytes are there", "PeerCopy#carry",
                    dropCall("synchronize"), "none/peers", CONTENTS),
            DRIVER.bug("foreign-event-ignored", "a stream does not wait for an event of another context",
                    "Stream#waitFor(Ldev/openppu/driver/Event;)V", dropCall("waitValue"), "none/peers", CONTENTS),
            DRIVER.bug("option-not-heard", "a fill does not wait though its context has SYNC_MEMOPS", "Context#finish",
                    answerCall("contains", 0), "none/peers", CONTENTS),
            // waits that are given up, and work behind what does not end
            DRIVER.bug("given-up-piece-kept", "a staging chunk of a copy that was given up is not given back",
                    "client.StagedCopy#lambda$drain$0",
                    dropCall("inUse"), "none/waits", PROGRESS),
            DRIVER.bug("time-out-not-heard", "a submission waits for room without end though its stream has a time-out",
                    "StreamPackets#deadline", branch(Opcode.IFNE, Opcode.IFEQ), "none/waits", PROGRESS),
            DRIVER.bug("place-in-line-kept", "a producer that gives up keeps its place in the line for space",
                    "client.CommandQueue#queueUp",
                    dropCall("leave").at(3, 3), "none/waits", PROGRESS),
            DRIVER.bug("interrupt-swallowed", "an interrupt is forgotten where a wait must not be interrupted", "sync.Waiting#restore",
                    dropCall("interrupt"), "none/waits", TYPED_ERRORS),
            DRIVER.bug("event-not-awaited", "who waits for an event is not held", "Event#await", dropCall("await"), "none/waits",
                    TYPED_ERRORS),
            DRIVER.bug("time-overwritten", "an event's time goes where a packet in flight stores an older one", "Event#freeSlot",
                    answerCall("reached", 1), "none/queries", CONTENTS),
            DRIVER.bug("innocent-halted", "what waits for work that hangs goes on when that is reset, for the other queue is halted",
                    "owner.recovery.RecoveryLadder#haltOthers", branch(Opcode.IF_ICMPEQ, Opcode.IF_ICMPNE), "engines/waits", CONTENTS),
            // many streams, events and pieces of memory
            DRIVER.bug("own-event-forgets", "a stream that waits for an event of its own forgets what it has submitted since",
                    "client.Lane#follow", neverBranch(Opcode.IFGE), "none/crowd", CONTENTS),
            DRIVER.bug("moved-too-early", "a stream goes on in another queue while its last packet in the old one is under way",
                    "client.Channels#move", shiftArgument("reached", -1), "none/crowd", CONTENTS),
            DRIVER.bug("time-given-twice", "memory for an event's time is given back twice, and two events have it", "Event#freeSlot",
                    dropCall("remove"), "none/crowd", ORDER),
            DRIVER.bug("gap-too-small", "memory is taken from a gap in which it does not fit where it may begin",
                    "owner.RangeAllocator#allocate", insteadOfLocal(1, "0", code -> code.loadConstant(0L)).at(4, 5), "none/crowd",
                    CONTENTS),
            // what an administrator asks and sets
            DRIVER.bug("read-taken-for-written", "a metric is that of another register", "owner.MetricReader#performance",
                    otherCall("readDmaReadBytes", "readDmaWriteBytes"), "none/care", CONTENTS),
            DRIVER.bug("drain-not-heard", "a device that is drained takes new contexts", "owner.DeviceEpochs#drain", dropCall("drain"),
                    "none/care", TYPED_ERRORS),
            DRIVER.bug("log-misnumbered", "records of the firmware's log count as lost that are there",
                    "owner.FirmwareLogReader#read(Ldev/openppu/driver/owner/DeviceAccess;Ldev/openppu/driver/owner/DeviceMemoryPort;Ljava/lang/Runnable;)Ldev/openppu/driver/FirmwareLog;",
                    operator(Opcode.LSUB, Opcode.LADD).at(2, 2), "none/care", CONTENTS),
            DRIVER.bug("watchdog-not-set", "a limit for kernels is not set", "owner.DeviceOwner#lambda$setWatchdogCycles$0",
                    dropCall("writeWatchdog"), "none/care", CONTENTS),
            DRIVER.bug("slot-misread", "a slot of the flash is taken for valid when the other one is", "owner.FirmwareUpdate#slots",
                    otherCall("bValid", "aValid"), "none/care", CONTENTS),
            DRIVER.bug("dump-misplaced", "a dump shows packets of other places in the ring", "owner.dump.DumpCollector#packets",
                    operator(Opcode.LAND, Opcode.LOR), "none/care", CONTENTS),
            // what programs do wrong
            DRIVER.bug("freed-but-translated", "memory is freed, and the device keeps its translations", "owner.AddressSpace#free",
                    dropCall("invalidate"), "none/wrong", TYPED_ERRORS),
            DRIVER.bug("fault-without-address", "the address of a fault is not handed on", "owner.ReportedFaults#fault",
                    answerCall("address", 0), "none/wrong", TYPED_ERRORS),
            // host functions and futures
            DRIVER.bug("future-forgotten", "ended work is not told to who waits for it", "client.CompletionWatcher#completeEnded",
                    dropCall("complete"), "none/mixed", PROGRESS),
            DRIVER.bug("hold-left-out", "a stream does not wait for its host function",
                    "HostFunctionGate#launch(Ljava/lang/Runnable;Ldev/openppu/driver/client/CallbackThreads$Order;)Ljava/util/concurrent/CompletableFuture;",
                    dropCall("holdUntil"), "none/mixed", ORDER).seenByNoOther(),
            DRIVER.bug("abandoned-silently", "futures of a lost context stay open", "client.CommandQueue#stopped",
                    answerCall("alive", 1), "engines/mixed", PROGRESS),
            // queues of the device, recovery, epochs
            DRIVER.bug("hangs-unseen", "nobody looks for queues that hang", "owner.EpochRecovery#look", dropCall("ifPresent"),
                    "engines/mixed", PROGRESS),
            DRIVER.bug("epoch-kept", "the memory of an epoch that has ended is not given back", "owner.DeviceEpochs#attempt",
                    dropCall("letGo"), "resets/mixed", LEAKS),
            // firmware messages and interrupts
            DRIVER.bug("stopped-taken-for-hung", "a queue that has stopped is reset as if it had not",
                    "owner.ContextKeeper#stop(I)V", answerCall("stop", 0), "none/contexts", QUIET).seenByNoOther(),
            DRIVER.bug("future-not-told", "a future of ended work is not completed", "client.StreamFuture#complete", dropCall("run"),
                    "none/mixed", PROMISES).seenByNoOther(),
            DRIVER.bug("reason-lost", "who waits for a lost context is told no reason", "client.CommandQueue#stopReason",
                    dropCall("failure"), "engines/mixed", TYPED_ERRORS).seenByNoOther(),
            DRIVER.bug("reset-does-nothing", "a reset that is asked for resets nothing", "owner.DeviceEpochs#lambda$reset$0",
                    dropCall("nextEpoch"), "resets/mixed", SURVIVAL).seenByNoOther());

    private DriverBugs() {}
}
