package dev.openppu.hal.vfiouser.server;

import dev.openppu.hal.vfiouser.protocol.Command;
import dev.openppu.hal.vfiouser.protocol.DeviceInfo;
import dev.openppu.hal.vfiouser.protocol.DmaMap;
import dev.openppu.hal.vfiouser.protocol.DmaUnmap;
import dev.openppu.hal.vfiouser.protocol.IrqInfo;
import dev.openppu.hal.vfiouser.protocol.IrqSet;
import dev.openppu.hal.vfiouser.protocol.Payload;
import dev.openppu.hal.vfiouser.protocol.PciIrq;
import dev.openppu.hal.vfiouser.protocol.PciRegion;
import dev.openppu.hal.vfiouser.protocol.ProtocolException;
import dev.openppu.hal.vfiouser.protocol.RegionAccess;
import dev.openppu.hal.vfiouser.protocol.RegionInfo;
import dev.openppu.hal.vfiouser.protocol.RegionIoFds;
import dev.openppu.hal.vfiouser.protocol.RegionWrites;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Carries out a client's commands, one after the other, after the versions were agreed upon. */
final class CommandHandler {
    private static final ValueLayout.OfLong LITTLE_ENDIAN = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int[] NONE = {};

    private final ServedFunction function;
    private final Regions regions;
    private final IrqLines irqs;
    private final DmaRanges ranges;

    /** Of a reply: bytes of payload, and descriptors that go with it. */
    record Answer(long payloadBytes, int[] descriptors) {
        private static Answer bytes(long payloadBytes) {
            return new Answer(payloadBytes, NONE);
        }
    }

    CommandHandler(ServedFunction function, IrqLines irqs, DmaRanges ranges) {
        this.function = function;
        this.regions = new Regions(function);
        this.irqs = irqs;
        this.ranges = ranges;
    }

    /**
     * Carries out a command.
     *
     * @param reply where its payload is written
     * @throws ProtocolException if it is not carried out
     */
    Answer carryOut(Message message, MemorySegment reply) {
        Command command = Command.of(message.header().command()).orElseThrow(() -> ProtocolException.refused(
                "%s is not known here".formatted(message.header().describe()), ProtocolException.EOPNOTSUPP));
        message.allowDescriptors(mostDescriptors(command));
        MemorySegment payload = message.payload();
        return switch (command) {
            case DEVICE_GET_INFO -> deviceInfo(payload, reply);
            case DEVICE_GET_REGION_INFO -> regionInfo(payload, reply);
            case DEVICE_GET_REGION_IO_FDS -> regionIoFds(payload, reply);
            case DEVICE_GET_IRQ_INFO -> put(irqs.info(IrqInfo.decode(payload)), reply);
            case DEVICE_SET_IRQS -> {
                irqs.set(IrqSet.decode(payload), message);
                yield Answer.bytes(0);
            }
            case REGION_READ -> regionRead(payload, reply);
            case REGION_WRITE -> regionWrite(payload, reply);
            case REGION_WRITE_MULTI -> regionWrites(payload, reply);
            case DMA_MAP -> {
                ranges.map(DmaMap.decode(payload), message.descriptors() == 0 ? null : message.takeDescriptor());
                yield Answer.bytes(0);
            }
            case DMA_UNMAP -> dmaUnmap(payload, reply);
            case DEVICE_RESET -> {
                requireEmpty(message);
                function.reset();
                yield Answer.bytes(0);
            }
            case VERSION -> throw ProtocolException.malformed("VERSION comes a second time");
            case DMA_READ, DMA_WRITE -> throw ProtocolException.malformed("%s goes from server to client".formatted(command));
            case DEVICE_FEATURE, MIG_DATA_READ, MIG_DATA_WRITE ->
                throw ProtocolException.refused("%s: the device cannot migrate".formatted(command), ProtocolException.EOPNOTSUPP);
        };
    }

    /** Whether a command may be carried out while the device waits for the client in the middle of something. */
    boolean mayComeIn(Message message) {
        return switch (Command.of(message.header().command()).orElse(Command.VERSION)) {
            case REGION_READ -> true;
            case REGION_WRITE -> mayComeIn(message.payload());
            default -> false;
        };
    }

    private boolean mayComeIn(MemorySegment write) {
        try {
            RegionAccess access = RegionAccess.decodeWithData(write, MessageStream.MOST_DATA);
            return access.region() != PciRegion.CONFIG && function.mayComeIn(access.region(), access.offset(), access.count());
        } catch (ProtocolException e) {
            return false; // who carries it out says why
        }
    }

    private static int mostDescriptors(Command command) {
        return switch (command) {
            case DMA_MAP -> 1;
            case DEVICE_SET_IRQS -> MessageStream.MOST_DESCRIPTORS;
            default -> 0;
        };
    }

    private static void requireEmpty(Message message) {
        if (message.payload().byteSize() != 0) {
            throw ProtocolException.malformed("%s has a payload of %d bytes, not 0".formatted(message.header().describe(), message.payload()
                    .byteSize()));
        }
    }

    private static Answer put(Payload payload, MemorySegment reply) {
        payload.encode(reply);
        return Answer.bytes(payload.bytes());
    }

    private static Answer deviceInfo(MemorySegment payload, MemorySegment reply) {
        DeviceInfo.decode(payload);
        return put(new DeviceInfo(DeviceInfo.BYTES, DeviceInfo.RESET | DeviceInfo.PCI, PciRegion.COUNT, PciIrq.COUNT), reply);
    }

    /** A descriptor comes with the areas that it holds: who asks first how much room these need takes none, and libvfio-user's client ends over one. */
    private Answer regionInfo(MemorySegment payload, MemorySegment reply) {
        RegionInfo info = regions.info(RegionInfo.decodeQuestion(payload));
        info.encode(reply);
        boolean whole = info.bytes() >= info.argsz();
        return new Answer(info.bytes(),
                whole ? regions.shared(info.index()).map(shared -> new int[]{shared.descriptor().number()}).orElse(NONE) : NONE);
    }

    /** There are none: mapped doorbells are faster than a descriptor could be. */
    private static Answer regionIoFds(MemorySegment payload, MemorySegment reply) {
        RegionIoFds question = RegionIoFds.decode(payload);
        if (question.index() < 0 || question.index() >= PciRegion.COUNT) {
            throw ProtocolException.malformed("there is no region %s; there are %d".formatted(Integer.toUnsignedString(question.index()),
                    PciRegion.COUNT));
        }
        return put(new RegionIoFds(RegionIoFds.BYTES, question.index(), 0), reply);
    }

    private Answer regionRead(MemorySegment payload, MemorySegment reply) {
        RegionAccess access = RegionAccess.decode(payload, MessageStream.MOST_DATA);
        regions.read(access, reply.asSlice(RegionAccess.BYTES, access.count()));
        access.encode(reply);
        return Answer.bytes((long) RegionAccess.BYTES + access.count());
    }

    private Answer regionWrite(MemorySegment payload, MemorySegment reply) {
        RegionAccess access = RegionAccess.decodeWithData(payload, MessageStream.MOST_DATA);
        regions.write(access, payload.asSlice(RegionAccess.BYTES));
        return put(access, reply);
    }

    private Answer regionWrites(MemorySegment payload, MemorySegment reply) {
        RegionWrites writes = RegionWrites.decode(payload);
        for (RegionWrites.One write : writes.writes()) {
            MemorySegment value = MemorySegment.ofArray(new byte[Long.BYTES]);
            value.set(LITTLE_ENDIAN, 0, write.value());
            regions.write(new RegionAccess(write.offset(), write.region(), write.bytes()), value.asSlice(0, write.bytes()));
        }
        reply.set(LITTLE_ENDIAN, 0, writes.writes().size());
        return Answer.bytes(RegionWrites.COUNT_BYTES);
    }

    private Answer dmaUnmap(MemorySegment payload, MemorySegment reply) {
        DmaUnmap unmap = DmaUnmap.decode(payload);
        ranges.unmap(unmap);
        return put(unmap, reply);
    }
}
