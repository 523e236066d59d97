package dev.openppu.hal.vfiouser;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import dev.openppu.hal.posix.Descriptor;
import dev.openppu.hal.posix.PosixException;
import dev.openppu.hal.posix.file.PassedFile;
import dev.openppu.hal.posix.file.SharedMemory;
import dev.openppu.hal.posix.socket.PassedDescriptors;
import dev.openppu.hal.posix.socket.UnixListener;
import dev.openppu.hal.posix.socket.UnixSocket;
import dev.openppu.hal.vfiouser.protocol.Command;
import dev.openppu.hal.vfiouser.protocol.DeviceInfo;
import dev.openppu.hal.vfiouser.protocol.DmaMap;
import dev.openppu.hal.vfiouser.protocol.DmaTransfer;
import dev.openppu.hal.vfiouser.protocol.DmaUnmap;
import dev.openppu.hal.vfiouser.protocol.Header;
import dev.openppu.hal.vfiouser.protocol.IrqInfo;
import dev.openppu.hal.vfiouser.protocol.Payload;
import dev.openppu.hal.vfiouser.protocol.PciIrq;
import dev.openppu.hal.vfiouser.protocol.PciRegion;
import dev.openppu.hal.vfiouser.protocol.PeerCapabilities;
import dev.openppu.hal.vfiouser.protocol.RegionAccess;
import dev.openppu.hal.vfiouser.protocol.RegionInfo;
import dev.openppu.hal.vfiouser.protocol.Version;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A server of a small device, on a thread of its own: BAR0 4 KiB of registers with the MSI-X table at 0x800, BAR2 64 KiB of memory that is mapped. A test replaces what it answers to a command.
 */
final class ScriptedServer implements AutoCloseable {
    static final int VECTORS = 4;
    static final int BAR2_BYTES = 1 << 16;
    private static final int MSIX_AT = 0x40;

    final UnixSocket socket;
    final MemorySegment config = Arena.ofAuto().allocate(256, 8);
    final MemorySegment registers = Arena.ofAuto().allocate(4096, 8);
    final SharedMemory memory = SharedMemory.create("scripted-bar2", BAR2_BYTES);
    final List<Descriptor> events = new CopyOnWriteArrayList<>();
    final Map<Long, DmaMap> mappings = new ConcurrentHashMap<>();
    final Map<Long, PassedFile> files = new ConcurrentHashMap<>();
    final List<String> strange = new CopyOnWriteArrayList<>();
    final AtomicInteger resets = new AtomicInteger();
    private final Map<Command, Handler> handlers = new EnumMap<>(Command.class);
    private final List<Postponed> postponed = new ArrayList<>();
    private final MemorySegment in = Arena.ofAuto().allocate(Header.BYTES + DmaTransfer.BYTES + (1 << 20), 8);
    private final MemorySegment out = Arena.ofAuto().allocate(1 << 17, 8);
    private final Thread thread;

    /** What is done about a command. */
    interface Handler {
        void handle(ScriptedServer server, Header header, MemorySegment payload, PassedDescriptors passed);
    }

    ScriptedServer(UnixSocket socket) {
        this(socket, Map.of());
    }

    ScriptedServer(UnixSocket socket, Map<Command, Handler> script) {
        this.socket = socket;
        config.set(JAVA_INT_UNALIGNED, 0, 0x11e81234);
        config.set(JAVA_INT_UNALIGNED, 4, 1 << 20);
        config.set(JAVA_BYTE, 0x34, (byte) MSIX_AT);
        config.set(JAVA_INT_UNALIGNED, MSIX_AT, VECTORS - 1 << 16 | 0x11);
        config.set(JAVA_INT_UNALIGNED, MSIX_AT + 4, 0x800);
        config.set(JAVA_INT_UNALIGNED, MSIX_AT + 8, 0xC00);
        defaults();
        handlers.putAll(script);
        thread = Thread.ofPlatform().daemon().name("scripted-server").start(this::run);
    }

    private void defaults() {
        handlers.put(Command.VERSION,
                (_, header, _, _) -> answer(header, new Version(0, 0, new PeerCapabilities(8, 4096, 100, 4096, false))));
        handlers.put(Command.DEVICE_GET_INFO,
                (_, header, _, _) -> answer(header, new DeviceInfo(16, DeviceInfo.PCI | DeviceInfo.RESET, 9, 5)));
        handlers.put(Command.DEVICE_GET_REGION_INFO, (_, header, payload, _) -> regionInfo(header, RegionInfo.decode(payload).index()));
        handlers.put(Command.DEVICE_GET_IRQ_INFO, (_, header, payload, _) -> {
            int index = IrqInfo.decode(payload).index();
            answer(header, new IrqInfo(16, IrqInfo.EVENTFD, index, index == PciIrq.MSIX ? VECTORS : 0));
        });
        handlers.put(Command.DEVICE_SET_IRQS, (_, header, _, passed) -> {
            for (int i = 0; i < passed.count(); i++) {
                events.add(passed.take(i));
            }
            answer(header);
        });
        handlers.put(Command.REGION_READ, (_, header, payload, _) -> answerRead(header, payload));
        handlers.put(Command.REGION_WRITE, (_, header, payload, _) -> write(header, payload));
        handlers.put(Command.DMA_MAP, (_, header, payload, passed) -> {
            DmaMap map = DmaMap.decode(payload);
            mappings.put(map.address(), map);
            if (passed.count() > 0) {
                files.put(map.address(), new PassedFile(passed.take(0)));
            }
            answer(header);
        });
        handlers.put(Command.DMA_UNMAP, (_, header, payload, _) -> {
            DmaUnmap unmap = DmaUnmap.decode(payload);
            mappings.remove(unmap.address());
            PassedFile file = files.remove(unmap.address());
            if (file != null) {
                file.close();
            }
            answer(header, unmap);
        });
        handlers.put(Command.DEVICE_RESET, (_, header, _, _) -> {
            resets.incrementAndGet();
            answer(header);
        });
    }

    private void regionInfo(Header header, int index) {
        switch (index) {
            case PciRegion.BAR0 -> answer(header, new RegionInfo(32, RegionInfo.READ | RegionInfo.WRITE, 0, 4096, 0, List.of()));
            case 2 ->
                answerWith(header, new RegionInfo(32, RegionInfo.READ | RegionInfo.WRITE | RegionInfo.MMAP, 2, BAR2_BYTES, 0, List.of()),
                        memory.descriptor().number());
            case PciRegion.CONFIG -> answer(header, new RegionInfo(32, RegionInfo.READ | RegionInfo.WRITE, 7, 256, 0, List.of()));
            default -> answer(header, new RegionInfo(32, 0, index, 0, 0, List.of()));
        }
    }

    private MemorySegment region(int index) {
        return switch (index) {
            case PciRegion.BAR0 -> registers;
            case 2 -> memory.segment();
            default -> config;
        };
    }

    void write(Header header, MemorySegment payload) {
        RegionAccess access = RegionAccess.decodeWithData(payload, 4096);
        MemorySegment.copy(payload, RegionAccess.BYTES, region(access.region()), access.offset(), access.count());
        if (access.region() == PciRegion.CONFIG) {
            size(0x10, 4096);
            size(0x18, BAR2_BYTES);
            for (int other : new int[]{0x14, 0x1c, 0x20, 0x24, 0x30}) {
                config.set(JAVA_INT_UNALIGNED, other, 0);
            }
        }
        if (!header.noReply()) {
            answer(header, access);
        }
    }

    private void size(int register, int bytes) {
        config.set(JAVA_INT_UNALIGNED, register, config.get(JAVA_INT_UNALIGNED, register) & -bytes);
    }

    // ---------------------------------------------------------------- for scripts

    void answerRead(Header header, MemorySegment payload) {
        RegionAccess access = RegionAccess.decode(payload, 1 << 16);
        reply(header, access, region(access.region()).asSlice(access.offset(), access.count()));
    }

    void reply(Header header, Payload payload, MemorySegment data) {
        long bytes = payload.bytes() + data.byteSize();
        header.reply(bytes).encode(out);
        payload.encode(out.asSlice(Header.BYTES));
        MemorySegment.copy(data, 0, out, Header.BYTES + payload.bytes(), data.byteSize());
        socket.send(out, Header.BYTES + bytes);
    }

    void answer(Header header, Payload payload) {
        answerWith(header, payload);
    }

    void answerWith(Header header, Payload payload, int... descriptors) {
        header.reply(payload.bytes()).encode(out);
        payload.encode(out.asSlice(Header.BYTES));
        socket.send(out, Header.BYTES + payload.bytes(), descriptors);
    }

    void answer(Header header) {
        header.reply(0).encode(out);
        socket.send(out, Header.BYTES);
    }

    /** Sends bytes as they are. */
    void raw(byte[] bytes) {
        try (Arena arena = Arena.ofConfined()) {
            socket.send(arena.allocateFrom(JAVA_BYTE, bytes), bytes.length);
        }
    }

    /** Asks the client for memory, in a handler; the reply's data, or the errno if it refuses. */
    byte[] dmaRead(long iova, int count) {
        Header.command(0x7001, Command.DMA_READ, DmaTransfer.BYTES, false).encode(out);
        new DmaTransfer(iova, count).encode(out.asSlice(Header.BYTES));
        socket.send(out, Header.BYTES + DmaTransfer.BYTES);
        Header reply = next();
        return reply.failed() ? new byte[]{(byte) reply.error()} : in.asSlice(Header.BYTES + DmaTransfer.BYTES, count).toArray(JAVA_BYTE);
    }

    /** Writes the client's memory, in a handler; the errno if it refuses, 0 if it does not, or is not asked for a reply. */
    int dmaWrite(long iova, byte[] bytes, boolean noReply) {
        Header.command(0x7002, Command.DMA_WRITE, DmaTransfer.BYTES + bytes.length, noReply).encode(out);
        new DmaTransfer(iova, bytes.length).encode(out.asSlice(Header.BYTES));
        MemorySegment.copy(bytes, 0, out, JAVA_BYTE, Header.BYTES + DmaTransfer.BYTES, bytes.length);
        socket.send(out, Header.BYTES + DmaTransfer.BYTES + bytes.length);
        return noReply ? 0 : next().error();
    }

    /** Asks for memory and does not wait. */
    void ask(long iova, int count) {
        Header.command(0x7003, Command.DMA_READ, DmaTransfer.BYTES, false).encode(out);
        new DmaTransfer(iova, count).encode(out.asSlice(Header.BYTES));
        socket.send(out, Header.BYTES + DmaTransfer.BYTES);
    }

    /** The client's next reply. */
    Header reply() {
        return next();
    }

    /** The next message, which answers what was just asked: whoever else asks the server something waits. */
    private Header next() {
        while (socket.receiveAll(in, 0, Header.BYTES, null)) {
            Header header = Header.decode(in, in.byteSize());
            if (header.payloadBytes() > 0) {
                socket.receiveAll(in, Header.BYTES, header.payloadBytes(), null);
            }
            if (header.isReply()) {
                return header;
            }
            postponed.add(new Postponed(header, in.asSlice(Header.BYTES, header.payloadBytes()).toArray(JAVA_BYTE)));
        }
        throw new IllegalStateException("the client has gone");
    }

    private record Postponed(Header header, byte[] payload) {}

    // ---------------------------------------------------------------- its thread

    private void run() {
        try (PassedDescriptors passed = new PassedDescriptors(8)) {
            while (socket.receiveAll(in, 0, Header.BYTES, passed)) {
                Header header = Header.decode(in, in.byteSize());
                if (header.payloadBytes() > 0) {
                    socket.receiveAll(in, Header.BYTES, header.payloadBytes(), null);
                }
                handle(header, Arena.ofAuto().allocateFrom(JAVA_BYTE, in.asSlice(Header.BYTES, header.payloadBytes()).toArray(JAVA_BYTE)),
                        passed);
                passed.clear();
                while (!postponed.isEmpty()) {
                    Postponed next = postponed.removeFirst();
                    handle(next.header, Arena.ofAuto().allocateFrom(JAVA_BYTE, next.payload), passed);
                }
            }
        } catch (PosixException e) {
            // the client has gone, or the test is over
        } catch (RuntimeException e) {
            strange.add(e.toString());
        } finally {
            socket.close();
        }
    }

    private void handle(Header header, MemorySegment payload, PassedDescriptors passed) {
        handlers.get(Command.of(header.command()).orElseThrow()).handle(this, header, payload, passed);
    }

    @Override
    public void close() {
        socket.close();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        events.forEach(Descriptor::close);
        files.values().forEach(PassedFile::close);
        memory.close();
    }

    /** Serves whoever connects, one after another, until it is killed. */
    public static void main(String[] arguments) throws InterruptedException {
        try (UnixListener listener = UnixListener.bind(Path.of(arguments[0]))) {
            System.out.println("listening");
            while (true) {
                new ScriptedServer(listener.accept().orElseThrow()).thread.join();
            }
        }
    }
}
