package dev.openppu.model.serve;

import dev.openppu.hal.posix.file.PassedFile;
import dev.openppu.hal.posix.socket.PassedDescriptors;
import dev.openppu.hal.posix.socket.UnixSocket;
import dev.openppu.hal.vfiouser.protocol.Command;
import dev.openppu.hal.vfiouser.protocol.Header;
import dev.openppu.hal.vfiouser.protocol.Payload;
import dev.openppu.hal.vfiouser.protocol.PeerCapabilities;
import dev.openppu.hal.vfiouser.protocol.RegionAccess;
import dev.openppu.hal.vfiouser.protocol.RegionInfo;
import dev.openppu.hal.vfiouser.protocol.Version;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A client that sends what a test wants, well-formed or not, and reads answers one by one. */
final class RawClient implements AutoCloseable {
    static final MemorySegment NOTHING = MemorySegment.ofArray(new byte[0]);
    private static final ValueLayout.OfLong LE64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final long LONGEST = 2 << 20;

    private final UnixSocket socket;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment incoming = arena.allocate(LONGEST, 8);
    private final PassedDescriptors passed = new PassedDescriptors(8);
    private int nextId = 1;

    RawClient(Path path) {
        socket = UnixSocket.connect(path);
    }

    /** One that has agreed upon the version. */
    static RawClient greeted(Path path) {
        RawClient client = new RawClient(path);
        client.send(Command.VERSION, new Version(0, 0, PeerCapabilities.DEFAULTS), NOTHING, false);
        client.receive();
        return client;
    }

    /** A message that has come. */
    record Answer(Header header, MemorySegment payload) {
        int errno() {
            return header.failed() ? header.error() : 0;
        }
    }

    int send(Command command, @Nullable Payload payload, MemorySegment data, boolean noReply, int... descriptors) {
        int bytes = payload == null ? 0 : payload.bytes();
        int id = nextId++;
        Header header = Header.command(id, command, bytes + data.byteSize(), noReply);
        try (Arena once = Arena.ofConfined()) {
            MemorySegment message = once.allocate(header.size(), 8);
            header.encode(message);
            if (payload != null) {
                payload.encode(message.asSlice(Header.BYTES));
            }
            MemorySegment.copy(data, 0, message, Header.BYTES + bytes, data.byteSize());
            socket.send(message, header.size(), descriptors);
        }
        return id;
    }

    void sendBytes(byte[] bytes, int from, int count, int... descriptors) {
        try (Arena once = Arena.ofConfined()) {
            MemorySegment message = once.allocate(Math.max(1, count));
            MemorySegment.copy(bytes, from, message, ValueLayout.JAVA_BYTE, 0, count);
            socket.send(message, count, descriptors);
        }
    }

    void reply(Header command, Payload payload, MemorySegment data) {
        try (Arena once = Arena.ofConfined()) {
            Header header = command.reply(payload.bytes() + data.byteSize());
            MemorySegment message = once.allocate(header.size(), 8);
            header.encode(message);
            payload.encode(message.asSlice(Header.BYTES));
            MemorySegment.copy(data, 0, message, (long) Header.BYTES + payload.bytes(), data.byteSize());
            socket.send(message, header.size());
        }
    }

    /** {@code null} if the server has ended the connection. */
    @Nullable
    Answer tryReceive() {
        passed.clear();
        try {
            if (!socket.receiveAll(incoming, 0, Header.BYTES, passed)) {
                return null;
            }
        } catch (dev.openppu.hal.posix.PosixException e) {
            return null;
        }
        Header header = Header.decode(incoming, LONGEST);
        if (header.payloadBytes() > 0) {
            socket.receiveAll(incoming, Header.BYTES, header.payloadBytes(), passed);
        }
        return new Answer(header,
                MemorySegment.ofArray(incoming.asSlice(Header.BYTES, header.payloadBytes()).toArray(ValueLayout.JAVA_BYTE)));
    }

    Answer receive() {
        Answer answer = tryReceive();
        if (answer == null) {
            throw new AssertionError("the server has ended the connection");
        }
        return answer;
    }

    PassedDescriptors passed() {
        return passed;
    }

    Answer ask(Command command, @Nullable Payload payload, int... descriptors) {
        send(command, payload, NOTHING, false, descriptors);
        return receive();
    }

    long read(int region, long offset, int bytes) {
        Answer answer = ask(Command.REGION_READ, new RegionAccess(offset, region, bytes));
        if (answer.header().failed()) {
            throw new AssertionError("read failed: " + answer);
        }
        MemorySegment value = MemorySegment.ofArray(new byte[8]);
        MemorySegment.copy(answer.payload(), RegionAccess.BYTES, value, 0, bytes);
        return value.get(LE64, 0);
    }

    void write(int region, long offset, int bytes, long value, boolean noReply) {
        MemorySegment data = MemorySegment.ofArray(new byte[8]);
        data.set(LE64, 0, value);
        send(Command.REGION_WRITE, new RegionAccess(offset, region, bytes), data.asSlice(0, bytes), noReply);
        if (!noReply) {
            Answer answer = receive();
            if (answer.header().failed()) {
                throw new AssertionError("write failed: " + answer);
            }
        }
    }

    /** Maps what the server offers of a region, which begins where the region does. */
    MemorySegment map(int region, Arena to) {
        RegionInfo info = RegionInfo.decode(ask(Command.DEVICE_GET_REGION_INFO, RegionInfo.ask(4096, region)).payload());
        try (PassedFile file = new PassedFile(passed.take(0))) {
            return file.map(info.offset(), info.areas().getFirst().size(), true, to);
        }
    }

    /** Sends no more. */
    void endSending() {
        socket.shutdownSending();
    }

    /** Takes nothing more. */
    void endReceiving() {
        socket.shutdownReceiving();
    }

    @Override
    public void close() {
        socket.close();
        passed.close();
        arena.close();
    }
}
