package dev.openppu.harness.bringup;

import dev.openppu.abi.firmware.MessageStatus;
import dev.openppu.abi.firmware.MessageType;
import dev.openppu.abi.packet.AqlHeader;
import dev.openppu.abi.packet.WriteValuePacket;
import dev.openppu.abi.reg.BootRegs;
import dev.openppu.abi.reg.BootState;
import dev.openppu.abi.reg.EngineResetRegs;
import dev.openppu.abi.reg.FwRegs;
import dev.openppu.abi.reg.ImageSource;
import dev.openppu.abi.reg.MemoryRegs;
import dev.openppu.abi.reg.MmuRegs;
import dev.openppu.abi.reg.MmuScope;
import dev.openppu.abi.reg.QueueRegs;
import dev.openppu.abi.reg.QueueState;
import dev.openppu.hal.ResetKind;
import dev.openppu.hal.dma.DmaAccess;
import dev.openppu.hal.dma.DmaMapping;
import dev.openppu.hal.irq.Interrupts;
import dev.openppu.hal.pci.PciRegister.Header;
import dev.openppu.harness.Check;
import dev.openppu.harness.SkippedException;
import dev.openppu.harness.bench.BareDevice;
import dev.openppu.harness.bench.Bench;
import dev.openppu.harness.bench.MappedRegister;
import dev.openppu.harness.bench.MessageRings;
import dev.openppu.harness.bench.RawQueue;
import dev.openppu.harness.bench.RegisterCensus;
import dev.openppu.harness.bench.Workshop;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * An operation that a reset of the function meets.
 *
 * @param block of the register map without which there is no such operation; empty if it is always there
 */
record ResetOperation(String id, String title, String block, Preparation preparation) {
    /** The queue's vector while an operation is under way. */
    static final int VECTOR = 9;

    private static final int SYSTEM = AqlHeader.SCOPE_SYSTEM;
    private static final int WRITE = WriteValuePacket.word(false, AqlHeader.SCOPE_NONE, SYSTEM);
    private static final int PAGE = 4096;
    private static final int LOG2_MESSAGES = 4;
    private static final int PINGS = 8;
    private static final int MODERATION_MICROS = 2000;
    private static final long ARRIVAL_NANOS = 1_000_000_000L;
    private static final long SCRUBBED = 64L << 20;
    private static final long IMAGE = 0;

    /** Sets everything up. */
    @FunctionalInterface
    interface Preparation {
        UnderWay prepare(Bench bench, Workshop shop);
    }

    static List<ResetOperation> all() {
        List<ResetOperation> all = new ArrayList<>();
        all.add(new ResetOperation("registers", "writes to registers", "", ResetOperation::registers));
        all.add(new ResetOperation("boot-device-memory", "boot from device memory", "",
                (bench, shop) -> boot(bench, shop, ImageSource.DEVICE_MEMORY)));
        all.add(new ResetOperation("boot-host-dma", "boot from host memory", "",
                (bench, shop) -> boot(bench, shop, ImageSource.HOST_DMA)));
        all.add(new ResetOperation("messages", "firmware messages", "", ResetOperation::messages));
        all.add(new ResetOperation("kill-context", "the end of a context", "queue", ResetOperation::killContext));
        all.add(new ResetOperation("shutdown", "shutdown", "", ResetOperation::shutdown));
        QueueWork.all().forEach(work -> all.add(new ResetOperation(work.id(), work.title(), work.on().block(),
                (bench, shop) -> queued(shop, work).work())));
        all.add(new ResetOperation("queue-setup", "a queue being set up", "queue", ResetOperation::queueSetup));
        all.add(new ResetOperation("queue-teardown", "a queue being taken down", "copy", ResetOperation::queueTeardown));
        all.add(new ResetOperation("interrupt-pending", "a pending interrupt", "queue", ResetOperation::interruptPending));
        all.add(new ResetOperation("interrupt-moderated", "an interrupt held back", "queue", ResetOperation::interruptModerated));
        all.add(new ResetOperation("invalidation", "an invalidation of translations", "mmu", ResetOperation::invalidation));
        all.add(new ResetOperation("scrub", "a pass of the scrubber", "scrub", ResetOperation::scrub));
        all.add(new ResetOperation("queue-reset", "a reset of a queue", "copy", ResetOperation::queueReset));
        all.add(new ResetOperation("engine-reset", "a reset of engines", "copy", ResetOperation::engineReset));
        all.add(new ResetOperation("reset", "another reset", "", ResetOperation::anotherReset));
        return all;
    }

    // ---- without queues

    private static UnderWay registers(Bench bench, Workshop shop) {
        Random random = new Random(BootRegs.Resets.count(bench.registers().boot().readResets()));
        List<MappedRegister> writable = RegisterCensus.ofPpu().all().stream().filter(r -> RegisterWrites.allowed(r) != 0)
                .filter(r -> Presence.absent(bench, r.bar(), r.path()).isEmpty() && Presence.present(bench, r)).toList();
        return UnderWay.of(() -> {
            for (int i = 0; i < 200; i++) {
                MappedRegister register = writable.get(random.nextInt(writable.size()));
                register.write(bench.mmio(register.bar()), random.nextLong() & RegisterWrites.allowed(register));
            }
        }, () -> true);
    }

    private static UnderWay boot(Bench bench, Workshop shop, ImageSource source) {
        bench.function().resetMildly();
        BareDevice device = bench.bare();
        Check.that(device.boot().awaitReady(), "ROM_READY", device.boot().state().toString());
        byte[] image = Images.good();
        long address = IMAGE;
        if (source == ImageSource.DEVICE_MEMORY) {
            device.memory().write(IMAGE, MemorySegment.ofArray(image));
        } else {
            DmaMapping mapping = shop.keep(bench.link().dma().allocate(image.length, DmaAccess.DEVICE_READS));
            MemorySegment.copy(MemorySegment.ofArray(image), 0, mapping.memory(), 0, image.length);
            address = mapping.iova();
        }
        BootRegs boot = device.registers().boot();
        boot.writeImageAddress(address);
        boot.writeImageSize(image.length);
        return UnderWay
                .of(() -> boot.writeCommand(BootRegs.Command.withStart(BootRegs.Command.withSource(0, source), true)),
                        () -> device.boot().state() == BootState.RUNNING)
                .stage("LOADING", () -> device.boot().state() == BootState.LOADING)
                .stage("VERIFYING", () -> device.boot().state() == BootState.VERIFYING)
                .stage("STARTING", () -> device.boot().state() == BootState.STARTING);
    }

    private static UnderWay messages(Bench bench, Workshop shop) {
        FwRegs fw = bench.registers().fw();
        MessageRings rings = rings(bench, shop);
        int before = fw.readCommandHead();
        return UnderWay.of(() -> {
            for (int i = 0; i < PINGS; i++) {
                rings.send(MessageType.PING.code(), i);
            }
        }, () -> fw.readCommandHead() - before == PINGS).stage("first taken", () -> fw.readCommandHead() != before);
    }

    private static UnderWay killContext(Bench bench, Workshop shop) {
        FwRegs fw = bench.registers().fw();
        UnderWay victim = queued(shop, QueueWork.named("wait-value")).work();
        MessageRings rings = rings(bench, shop);
        int before = fw.readEventTail();
        victim.start().run();
        return UnderWay.of(() -> rings.send(MessageType.KILL_CONTEXT.code(), shop.space().context()), () -> fw.readEventTail() != before);
    }

    private static UnderWay shutdown(Bench bench, Workshop shop) {
        MessageRings rings = rings(bench, shop);
        BareDevice device = bench.bare();
        return UnderWay.of(() -> rings.send(MessageType.SHUTDOWN.code()), () -> device.boot().state() == BootState.HALTED);
    }

    private static MessageRings rings(Bench bench, Workshop shop) {
        MessageRings rings = shop.keep(new MessageRings(bench.link(), bench.function(), bench.registers().fw(), LOG2_MESSAGES));
        MessageRings.Received reply = rings.replyTo(rings.send(MessageType.HELLO.code(), 1, 1, 0));
        Check.equal("status of HELLO", MessageStatus.OK, MessageStatus.of(reply.words()[0]).orElse(null));
        return rings;
    }

    private static UnderWay scrub(Bench bench, Workshop shop) {
        MemoryRegs memory = bench.registers().memory();
        memory.writeScrubFirst(0);
        memory.writeScrubLast(Math.min(SCRUBBED, memory.readSize()) - 1);
        return UnderWay.of(() -> memory.writeScrub(MemoryRegs.Scrub.withStart(0, true)), () -> !MemoryRegs.Scrub.busy(memory.readScrub()))
                .stage("begun", () -> memory.readScrubNext() != 0);
    }

    private static UnderWay anotherReset(Bench bench, Workshop shop) {
        ResetKind first = bench.link().resets().stream().sorted().findFirst().orElseThrow(() -> new SkippedException("no reset"));
        int ids = bench.link().config().read32(Header.VENDOR_ID);
        return UnderWay.of(() -> bench.link().reset(first), () -> bench.link().config().read32(Header.VENDOR_ID) == ids);
    }

    // ---- with queues

    /**
     * A queue that has been given work, and the signals of its packets in order.
     *
     * @param work begins when the doorbell is rung
     */
    record Queued(RawQueue queue, List<Long> signals, UnderWay work) {}

    /** The work on a queue of its own with an interrupt. */
    static Queued queued(Workshop shop, QueueWork work) {
        RawQueue queue = shop.queue(RawQueue.Settings.of(6).withVector(VECTOR));
        List<Long> signals = work.submission().put(shop, queue);
        Runnable start = () -> queue.ring(signals.size() - 1L);
        UnderWay begun = work.endless()
                ? UnderWay.endless(start)
                : UnderWay.of(start, () -> signals.stream().allMatch(signal -> shop.value(signal) <= 0));
        return new Queued(queue, signals, begun
                .stage("taken", () -> queue.registers().readReadIndex() > 0)
                .stage("moving", () -> QueueRegs.Progress.count(queue.registers().readProgress()) > 1));
    }

    private static UnderWay queueSetup(Bench bench, Workshop shop) {
        MemorySegment host = shop.host(0, PAGE).memory();
        RawQueue queue = shop.queue(RawQueue.Settings.of(4).withVector(VECTOR));
        queue.disable();
        queue.empty();
        long signal = shop.signal(4);
        for (int i = 0; i < 4; i++) {
            long place = Workshop.HOST + 8L * i;
            queue.put(WRITE, (ring, at) -> WriteValuePacket.encode(ring, at, 0, place, 1, signal));
        }
        host.fill((byte) 0);
        return UnderWay.of(queue::enable, () -> shop.value(signal) <= 0);
    }

    private static UnderWay queueTeardown(Bench bench, Workshop shop) {
        RawQueue queue = shop.queue(RawQueue.Settings.of(6).withVector(VECTOR));
        List<Long> signals = QueueWork.named("burst").submission().put(shop, queue);
        return UnderWay.of(() -> {
            queue.ring(signals.size() - 1L);
            queue.registers().writeControl(QueueRegs.Control.withEnable(queue.registers().readControl(), false));
        }, () -> queue.state() == QueueState.DISABLED);
    }

    private static UnderWay interruptPending(Bench bench, Workshop shop) {
        shop.host(0, PAGE);
        Interrupts interrupts = bench.enabledInterrupts();
        interrupts.mask(VECTOR);
        RawQueue queue = shop.queue(RawQueue.Settings.of(4).withVector(VECTOR));
        long signal = write(shop, queue, 1);
        return UnderWay.endless(() -> queue.ring(0)).stage("done", () -> shop.value(signal) <= 0)
                .stage("pending", () -> interrupts.pending(VECTOR));
    }

    /** A first message has been sent, so a second one waits for its time. */
    private static UnderWay interruptModerated(Bench bench, Workshop shop) {
        shop.host(0, PAGE);
        Interrupts interrupts = bench.enabledInterrupts();
        RawQueue queue = shop.queue(RawQueue.Settings.of(4).withVector(VECTOR).withModeration(MODERATION_MICROS));
        long before = interrupts.delivered(VECTOR);
        return UnderWay.of(() -> {
            long first = write(shop, queue, 1);
            queue.ring(0);
            shop.await(first);
            bench.link().runtime().await(() -> interrupts.delivered(VECTOR) > before, bench.link().runtime().deadline(ARRIVAL_NANOS));
            write(shop, queue, 2);
            queue.ring(1);
        }, () -> interrupts.delivered(VECTOR) - before >= 2);
    }

    private static long write(Workshop shop, RawQueue queue, int value) {
        long signal = shop.signal(1);
        queue.put(WRITE, (ring, at) -> WriteValuePacket.encode(ring, at, 0, Workshop.HOST, value, signal));
        return signal;
    }

    private static UnderWay invalidation(Bench bench, Workshop shop) {
        MmuRegs mmu = bench.registers().mmu();
        UnderWay copy = queued(shop, QueueWork.named("copy-large-to-host")).work();
        int command = MmuRegs.Invalidate.withStart(
                MmuRegs.Invalidate.withScope(MmuRegs.Invalidate.withContext(0, shop.space().context()), MmuScope.CONTEXT), true);
        int before = mmu.readInvalidateDone();
        return UnderWay.of(() -> {
            copy.start().run();
            mmu.writeInvalidate(command);
        }, () -> mmu.readInvalidateDone() != before);
    }

    private static UnderWay queueReset(Bench bench, Workshop shop) {
        RawQueue queue = shop.queue(RawQueue.Settings.of(6).withVector(VECTOR));
        List<Long> signals = QueueWork.named("burst").submission().put(shop, queue);
        return UnderWay.of(() -> {
            queue.ring(signals.size() - 1L);
            queue.registers().writeControl(QueueRegs.Control.withReset(queue.registers().readControl(), true));
        }, () -> !QueueRegs.Status.resetting(queue.registers().readStatus()));
    }

    private static UnderWay engineReset(Bench bench, Workshop shop) {
        EngineResetRegs engines = bench.registers().engineReset();
        UnderWay copy = queued(shop, QueueWork.named("copy-large-to-host")).work();
        return UnderWay.of(() -> {
            copy.start().run();
            engines.writeRequest(EngineResetRegs.Request.withCompute(
                    EngineResetRegs.Request.withCopy1(EngineResetRegs.Request.withCopy0(0, true), true), true));
        }, () -> EngineResetRegs.Status.busy(engines.readStatus()) == 0);
    }
}
