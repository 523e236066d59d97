package dev.openppu.hal.vfiouser;

import dev.openppu.hal.DeviceLink.Bar;
import dev.openppu.hal.LinkException;
import dev.openppu.hal.irq.EventInterrupts;
import dev.openppu.hal.pci.ConfigSpace;
import dev.openppu.hal.pci.PciRegister;
import dev.openppu.hal.posix.Descriptor;
import dev.openppu.hal.posix.EventDescriptor;
import dev.openppu.hal.vfiouser.protocol.Command;
import dev.openppu.hal.vfiouser.protocol.DeviceInfo;
import dev.openppu.hal.vfiouser.protocol.DmaMap;
import dev.openppu.hal.vfiouser.protocol.DmaUnmap;
import dev.openppu.hal.vfiouser.protocol.IrqInfo;
import dev.openppu.hal.vfiouser.protocol.IrqSet;
import dev.openppu.hal.vfiouser.protocol.Payload;
import dev.openppu.hal.vfiouser.protocol.PciIrq;
import dev.openppu.hal.vfiouser.protocol.PciRegion;
import dev.openppu.hal.vfiouser.protocol.RegionInfo;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The protocol's commands about a device, but for those that read and write its regions. Each waits for its reply. */
final class RemoteDevice implements EventInterrupts.Signaller {
    private static final int AREAS_ROOM = 4096;
    private static final int MOST_ROOM = 1 << 16;

    private final Connection connection;
    private final DeviceInfo info;

    /** @throws LinkException if it is no PCI function */
    RemoteDevice(Connection connection) {
        this.connection = connection;
        this.info = ask(Command.DEVICE_GET_INFO, new DeviceInfo(DeviceInfo.BYTES, 0, 0, 0), DeviceInfo.BYTES, DeviceInfo::decode);
        if ((info.flags() & DeviceInfo.PCI) == 0 || info.regions() <= PciRegion.CONFIG) {
            throw new LinkException("%s: what is served there is no PCI function (flags 0x%x, %d regions)".formatted(connection.name(),
                    info.flags(), info.regions()));
        }
    }

    Connection connection() {
        return connection;
    }

    /** Whether it can be {@link #reset}. */
    boolean resets() {
        return (info.flags() & DeviceInfo.RESET) != 0;
    }

    private <T> T ask(Command command, Payload payload, int most, Function<MemorySegment, T> decoder) {
        Exchange exchange = connection.take();
        try {
            connection.call(exchange, command, payload, most);
            return Replies.read(connection, exchange, decoder);
        } finally {
            connection.give(exchange);
        }
    }

    private void tell(Command command, Payload payload, int most, int... descriptors) {
        Exchange exchange = connection.take();
        try {
            connection.call(exchange, command, payload, most, descriptors);
        } finally {
            connection.give(exchange);
        }
    }

    /**
     * A region.
     *
     * @param descriptors what came with it, the caller's
     */
    record Region(RegionInfo info, List<Descriptor> descriptors) {}

    /** A server that would need more descriptors for its areas than a message takes refuses (libvfio-user: ENOSPC): then the region has none, and goes by messages. */
    Region region(int index) {
        Region first;
        try {
            first = region(index, AREAS_ROOM);
        } catch (RefusedException e) {
            return region(index, RegionInfo.BYTES);
        }
        int needed = first.info.argsz();
        if (needed <= AREAS_ROOM) {
            return first;
        }
        first.descriptors.forEach(Descriptor::close);
        Replies.demand(connection, needed <= MOST_ROOM, "the server's list of areas of region %d has %d bytes".formatted(index, needed));
        return region(index, needed);
    }

    /** The BARs: sizes are the server's regions, which need not be powers of two; kinds are as config space has them. */
    List<Bar> bars(ConfigSpace config) {
        List<Bar> bars = new ArrayList<>();
        for (int index = 0; index < PciRegion.BARS; index++) {
            Region region = region(index);
            region.descriptors.forEach(Descriptor::close);
            int register = config.read32(PciRegister.Header.bar(index));
            boolean ports = (register & PciRegister.Bar.IO_SPACE) != 0;
            boolean wide = !ports && (register & PciRegister.Bar.TYPE_MASK) == PciRegister.Bar.TYPE_64_BIT && index + 1 < PciRegion.BARS;
            if (region.info.size() > 0) {
                bars.add(new Bar(index, region.info.size(), wide, !ports && (register & PciRegister.Bar.PREFETCHABLE) != 0, ports));
            }
            index += wide ? 1 : 0;
        }
        return bars;
    }

    private Region region(int index, int room) {
        Exchange exchange = connection.take();
        try {
            connection.call(exchange, Command.DEVICE_GET_REGION_INFO, RegionInfo.ask(room, index), room);
            RegionInfo answer = Replies.read(connection, exchange, RegionInfo::decode);
            Replies.demand(connection, answer.index() == index && answer.size() >= 0,
                    "asked for region %d, the server tells of region %d with 0x%x bytes".formatted(index, answer.index(), answer.size()));
            return new Region(answer, exchange.takeDescriptors());
        } finally {
            connection.give(exchange);
        }
    }

    /** Message-signalled interrupts by the extended capability that can be signalled by descriptors. */
    int vectors() {
        if (info.irqs() <= PciIrq.MSIX) {
            return 0;
        }
        IrqInfo msix = ask(Command.DEVICE_GET_IRQ_INFO, new IrqInfo(IrqInfo.BYTES, 0, PciIrq.MSIX, 0), IrqInfo.BYTES, IrqInfo::decode);
        return (msix.flags() & IrqInfo.EVENTFD) == 0 ? 0 : msix.count();
    }

    /** Has the messages of vector 0 and the next ones signalled by these. */
    @Override
    public void signal(List<EventDescriptor> events) {
        int most = Math.max(1, connection.peer().maxMessageDescriptors());
        for (int start = 0; start < events.size(); start += most) {
            List<EventDescriptor> some = events.subList(start, Math.min(events.size(), start + most));
            tell(Command.DEVICE_SET_IRQS, IrqSet.of(IrqSet.DATA_EVENTFD | IrqSet.TRIGGER, PciIrq.MSIX, start, some.size()), 0,
                    some.stream().mapToInt(EventDescriptor::number).toArray());
        }
    }

    /** Has none signalled any more. */
    @Override
    public void silence() {
        tell(Command.DEVICE_SET_IRQS, IrqSet.of(IrqSet.DATA_NONE | IrqSet.TRIGGER, PciIrq.MSIX, 0, 0), 0);
    }

    /** @param descriptor of a file that holds the memory; none if the server is to ask for it */
    void map(DmaMap range, int... descriptor) {
        tell(Command.DMA_MAP, range, 0, descriptor);
    }

    /** When it returns the device has stopped using the range. */
    void unmap(long iova, long bytes) {
        tell(Command.DMA_UNMAP, new DmaUnmap(DmaUnmap.BYTES, 0, iova, bytes), DmaUnmap.BYTES);
    }

    void reset() {
        Exchange exchange = connection.take();
        try {
            connection.call(exchange, Command.DEVICE_RESET, Nothing.PAYLOAD, 0);
        } finally {
            connection.give(exchange);
        }
    }

    private enum Nothing implements Payload {
        PAYLOAD;

        @Override
        public int bytes() {
            return 0;
        }

        @Override
        public void encode(MemorySegment to) {
            // there is nothing
        }
    }
}
