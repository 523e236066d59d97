package dev.openppu.hal.vfiouser;

import dev.openppu.hal.mmio.MmioTrap;
import dev.openppu.hal.vfiouser.protocol.Command;
import dev.openppu.hal.vfiouser.protocol.RegionAccess;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.function.BooleanSupplier;

/**
 * A region by messages. A read waits for its reply. A write is posted, as on PCIe: the server carries out messages in order, so a read flushes it; config space is written and waited for. So are all
 * BARs once any of them is mapped: a store to a mapping does not wait for the messages before it; and those of a server that does not offer to take several writes at once, as libvfio-user's does not: if a write has
 * it ask for memory, the next command must not come before our answer. Of a server that is lost reads are all ones, and writes go nowhere.
 */
final class RemoteRegion implements MmioTrap {
    private static final ValueLayout.OfLong LITTLE = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final long READ_PIECE = 1 << 16;
    /** A server that takes a message with one call, as libvfio-user does, gets only what the kernel has in one buffer of a socket: a little more than this. */
    private static final long WRITE_PIECE = 1 << 15;

    private final Connection connection;
    private final int region;
    private final BooleanSupplier posted;

    /** @param posted whether writes are not waited for, now */
    RemoteRegion(Connection connection, int region, BooleanSupplier posted) {
        this.connection = connection;
        this.region = region;
        this.posted = posted;
    }

    @Override
    public long read(long offset, int bytes) {
        try {
            Exchange exchange = connection.take();
            try {
                return ask(exchange, offset, bytes).get(LITTLE, RegionAccess.BYTES) & ones(bytes);
            } finally {
                connection.give(exchange);
            }
        } catch (ServerLostException e) {
            return ones(bytes);
        }
    }

    private static long ones(int bytes) {
        return -1L >>> Long.SIZE - Byte.SIZE * bytes;
    }

    /** The reply's payload, checked; there are at least 8 bytes where data begin. */
    private MemorySegment ask(Exchange exchange, long offset, int bytes) {
        int most = RegionAccess.BYTES + bytes;
        connection.call(exchange, Command.REGION_READ, new RegionAccess(offset, region, bytes), most, MemorySegment.NULL, 0);
        RegionAccess reply = Replies.read(connection, exchange, payload -> RegionAccess.decodeWithData(payload, bytes));
        if (reply.count() != bytes || reply.offset() != offset || reply.region() != region) {
            throw connection
                    .lose("asked for %d bytes at 0x%x of region %d, the server answers %d at 0x%x of region %d".formatted(bytes, offset,
                            region,
                            reply.count(), reply.offset(), reply.region()));
        }
        return exchange.incoming();
    }

    @Override
    public void write(long offset, int bytes, long value) {
        try {
            Exchange exchange = connection.take();
            try {
                exchange.value().set(LITTLE, 0, value);
                send(exchange, offset, exchange.value(), bytes);
            } finally {
                connection.give(exchange);
            }
        } catch (ServerLostException e) {
            // it goes nowhere
        }
    }

    private void send(Exchange exchange, long offset, MemorySegment source, int bytes) {
        RegionAccess access = new RegionAccess(offset, region, bytes);
        if (posted.getAsBoolean()) {
            connection.post(exchange, Command.REGION_WRITE, access, source, bytes);
        } else {
            connection.call(exchange, Command.REGION_WRITE, access, RegionAccess.BYTES, source, bytes);
        }
    }

    @Override
    public void readBytes(long offset, MemorySegment destination) {
        long piece = Math.min(READ_PIECE, connection.peer().maxTransferBytes());
        for (long done = 0; done < destination.byteSize(); done += piece) {
            readPiece(offset + done, destination.asSlice(done, Math.min(piece, destination.byteSize() - done)));
        }
    }

    private void readPiece(long offset, MemorySegment destination) {
        try {
            Exchange exchange = connection.take();
            try {
                MemorySegment.copy(ask(exchange, offset, (int) destination.byteSize()), RegionAccess.BYTES, destination, 0,
                        destination.byteSize());
            } finally {
                connection.give(exchange);
            }
        } catch (ServerLostException e) {
            destination.fill((byte) -1);
        }
    }

    @Override
    public void writeBytes(long offset, MemorySegment source) {
        long piece = Math.min(WRITE_PIECE, connection.peer().maxTransferBytes());
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(Math.min(piece, Math.max(1, source.byteSize())));
            for (long done = 0; done < source.byteSize(); done += piece) {
                long bytes = Math.min(piece, source.byteSize() - done);
                MemorySegment.copy(source, done, buffer, 0, bytes);
                writePiece(offset + done, buffer, (int) bytes);
            }
        }
    }

    private void writePiece(long offset, MemorySegment buffer, int bytes) {
        try {
            Exchange exchange = connection.take();
            try {
                send(exchange, offset, buffer, bytes);
            } finally {
                connection.give(exchange);
            }
        } catch (ServerLostException e) {
            // it goes nowhere
        }
    }
}
