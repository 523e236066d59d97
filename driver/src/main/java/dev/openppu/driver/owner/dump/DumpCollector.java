package dev.openppu.driver.owner.dump;

import static dev.openppu.driver.owner.dump.PacketText.hex;

import dev.openppu.abi.PpuIds;
import dev.openppu.abi.packet.AqlHeader;
import dev.openppu.abi.reg.MmuContextRegs;
import dev.openppu.abi.reg.QueueRegs;
import dev.openppu.driver.FirmwareLogEntry;
import dev.openppu.driver.PpuInfo;
import dev.openppu.driver.RecoveryEvent;
import dev.openppu.driver.XidEvent;
import dev.openppu.driver.owner.CrashReader;
import dev.openppu.driver.owner.DeviceAccess;
import dev.openppu.driver.owner.DeviceMemoryPort;
import dev.openppu.driver.owner.FirmwareLogReader;
import dev.openppu.driver.owner.HardwareQueue;
import dev.openppu.driver.owner.QueueManager;
import dev.openppu.hal.mmio.Mmio;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Looks at a device and at its driver and puts down what it sees. It changes neither. A device that is being closed, or does not answer, is asked no more: the dump says where it was cut short, and goes on with
 * what the driver knows.
 */
public final class DumpCollector {
    /** Of this file format; a reader refuses a higher one. */
    public static final int VERSION = 1;
    public static final String FORMAT = "openppu-dump";
    private static final System.Logger LOG = System.getLogger(DumpCollector.class.getName());
    /** Packets in flight of one queue. */
    private static final int MOST_IN_FLIGHT = 8;
    private static final int MOST_WAITING = 64;
    private static final int MOST_WALKS = 256;
    /** Registers read between two looks whether the device is still there. */
    private static final int REGISTERS_A_LOOK = 64;

    private final DeviceAccess device;
    private final PpuInfo info;
    private final DeviceMemoryPort port;
    private final QueueManager queues;
    private final State state;

    /**
     * What only the driver knows.
     *
     * @param closing whether somebody closes the device
     */
    public record State(int epoch, BooleanSupplier closing, Supplier<List<String>> contexts, Supplier<List<XidEvent>> xids,
            Supplier<List<RecoveryEvent>> recoveries) {}

    public DumpCollector(DeviceAccess device, PpuInfo info, DeviceMemoryPort port, QueueManager queues, State state) {
        this.device = device;
        this.info = info;
        this.port = port;
        this.queues = queues;
        this.state = state;
    }

    /** Writes a dump into a directory of dumps; empty, and a line in the log, if that fails. */
    public Optional<Path> store(DumpStore store, String reason) {
        try {
            Path file = store.put(collect(reason));
            LOG.log(System.Logger.Level.WARNING, () -> device.name() + ": dump written to " + file + " (" + reason + ")");
            return Optional.of(file);
        } catch (IOException | RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, () -> device.name() + ": no dump could be written: " + e);
            return Optional.empty();
        }
    }

    /** Writes a dump to a file. */
    public void write(Path file, String reason) throws IOException {
        DumpStore.write(file, collect(reason));
    }

    private List<String> collect(String reason) {
        DumpLines lines = new DumpLines(this::end);
        Map<String, Object> head = new LinkedHashMap<>();
        head.put("format", FORMAT);
        head.put("version", VERSION);
        head.put("reason", reason);
        head.put("device", device.name());
        head.put("product", info.product());
        head.put("serial", hex(info.serial()));
        head.put("firmware", info.firmwareVersion().toString());
        head.put("abi", info.abi().toString());
        head.put("epoch", state.epoch);
        head.put("hostNanos", device.runtime().nanos());
        lines.add("header", head);
        lines.ask("registers", this::registers);
        Set<Address> addresses = new LinkedHashSet<>();
        lines.ask("queues", l -> queues(l, addresses));
        lines.ask("walks", l -> walks(l, addresses));
        lines.ask("firmware log", this::log);
        lines.ask("crash record", this::crash);
        lines.part("driver", this::driver);
        return lines.finish();
    }

    private Optional<String> end() {
        return state.closing.getAsBoolean() ? Optional.of("the device is being closed") : Optional.empty();
    }

    /** What a device that is gone answers is no worth: and each answer may take long. */
    private void requirePresent() {
        if (!device.present()) {
            throw new DumpLines.CutShort("the device does not answer");
        }
    }

    /** An address that a packet or a fault names, in an address space. */
    private record Address(int context, long address) {}

    private void registers(DumpLines lines) throws IOException {
        Mmio bar = device.link().bar(PpuIds.BAR_REGISTERS);
        List<RegisterIndex.Entry> index = RegisterIndex.ofBar0();
        for (int i = 0; i < index.size(); i++) {
            lines.goOn();
            if (i % REGISTERS_A_LOOK == 0) {
                requirePresent();
            }
            RegisterIndex.Entry entry = index.get(i);
            long value = entry.bytes() == Long.BYTES ? bar.read64(entry.offset()) : Integer.toUnsignedLong(bar.read32(entry.offset()));
            lines.add("register",
                    Map.of("bar", PpuIds.BAR_REGISTERS, "name", entry.name(), "offset", hex(entry.offset()), "bytes", entry.bytes(),
                            "value", hex(value)));
        }
    }

    private void queues(DumpLines lines, Set<Address> addresses) {
        requirePresent();
        for (int queue : queues.holders().held()) {
            lines.ask("queue " + queue, l -> queue(l, queue, addresses));
        }
    }

    private void queue(DumpLines lines, int queue, Set<Address> addresses) {
        OptionalInt context = queues.holders().contextOf(queue);
        HardwareQueue hardware = queues.inspect(queue);
        Optional<QueueManager.Snapshot> snapshot = queues.snapshot(queue);
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("queue", queue);
        members.put("context", context.orElse(-1));
        members.put("state", hardware.state());
        members.put("hold", hardware.hold());
        members.put("error", hardware.error());
        members.put("errorPacket", hardware.packet());
        members.put("errorAddress", hex(hardware.address()));
        long progress = device.registers().queue(queue).readProgress();
        members.put("progress", QueueRegs.Progress.count(progress));
        members.put("looks", QueueRegs.Progress.looks(progress));
        members.put("taken", snapshot.map(QueueManager.Snapshot::taken).orElse(-1L));
        members.put("holder", snapshot.map(QueueManager.Snapshot::holder).orElse("nobody"));
        lines.add("queue", members);
        if (hardware.failed()) {
            addresses.add(new Address(context.orElse(-1), hardware.address()));
        }
        snapshot.ifPresent(s -> packets(lines, queue, context.orElse(-1), s, addresses));
    }

    private static void packets(DumpLines lines, int queue, int context, QueueManager.Snapshot snapshot, Set<Address> addresses) {
        long slots = snapshot.packets().byteSize() / AqlHeader.PACKET_BYTES;
        long first = Math.max(0, snapshot.taken() - Math.min(MOST_IN_FLIGHT, slots));
        for (long index = first; index < snapshot.taken() + Math.min(MOST_WAITING, slots); index++) {
            MemorySegment packet = snapshot.packets().asSlice((index & slots - 1) * AqlHeader.PACKET_BYTES, AqlHeader.PACKET_BYTES);
            boolean taken = index < snapshot.taken();
            PacketText text = new PacketText(packet);
            if (!taken && AqlHeader.type(AqlHeader.acquire(packet, 0)) == AqlHeader.TYPE_INVALID) {
                return;
            }
            Map<String, Object> members = new LinkedHashMap<>();
            members.put("queue", queue);
            members.put("index", index);
            members.put("state", taken ? "taken, may be in flight; its header is gone" : "waits");
            members.putAll(text.members());
            lines.add("packet", members);
            text.addresses().forEach(address -> addresses.add(new Address(context, address)));
        }
    }

    private void walks(DumpLines lines, Set<Address> addresses) {
        requirePresent();
        if (device.registers().mmu().readFaultAddress() != 0) {
            addresses.add(new Address(device.registers().mmu().readFaultSource() & 0xffff, device.registers().mmu().readFaultAddress()));
        }
        state.xids.get().stream().filter(x -> x.address() != 0 && x.context().isPresent())
                .forEach(x -> addresses.add(new Address(x.context().getAsInt(), x.address())));
        addresses.stream().filter(a -> a.context >= 0 && a.context < info.contexts()).limit(MOST_WALKS)
                .forEach(address -> lines.ask("walk", l -> {
                    long root = device.registers().context(address.context).readRoot();
                    Map<String, Object> members = new LinkedHashMap<>();
                    members.put("context", address.context);
                    members.put("address", hex(address.address));
                    members.put("rootValid", MmuContextRegs.Root.valid(root));
                    members.put("steps",
                            MmuContextRegs.Root.valid(root) ? PageWalk.of(port, root & ~0xfffL, address.address, l::goOn) : List.of());
                    l.add("walk", members);
                }));
    }

    private void log(DumpLines lines) {
        requirePresent();
        for (FirmwareLogEntry entry : FirmwareLogReader.read(device, port, lines::goOn).entries()) {
            lines.add("log",
                    Map.of("sequence", entry.sequence(), "nanos", entry.deviceNanos(), "level", entry.level(), "text", entry.text()));
        }
    }

    private void crash(DumpLines lines) {
        requirePresent();
        CrashReader.read(device, port).ifPresent(crash -> {
            lines.add("crash", Map.of("firmware", hex(crash.firmwareVersion()), "nanos", crash.nanos(), "reason", crash.reason()));
            crash.registers().forEach(
                    r -> lines.add("crash-register", Map.of("offset", hex(r.offset()), "bytes", r.bytes(), "value", hex(r.value()))));
            crash.log().forEach(r -> lines.add("crash-log",
                    Map.of("sequence", Integer.toUnsignedLong(r.sequence()), "nanos", r.nanos(), "text", r.text())));
        });
    }

    private void driver(DumpLines lines) {
        state.contexts.get().forEach(context -> lines.add("context", Map.of("what", context)));
        for (XidEvent xid : state.xids.get()) {
            Map<String, Object> members = new LinkedHashMap<>();
            members.put("xid", xid.number());
            members.put("name", xid.xid().map(Object::toString).orElse("unknown"));
            members.put("context", xid.context().orElse(-1));
            members.put("queue", xid.queue().orElse(-1));
            members.put("address", hex(xid.address()));
            members.put("pc", hex(xid.pc()));
            members.put("deviceNanos", xid.deviceNanos());
            lines.add("xid", members);
        }
        state.recoveries.get().forEach(
                e -> lines.add("recovery", Map.of("epoch", e.epoch(), "level", e.level(), "recovered", e.recovered(), "what", e.what())));
    }
}
