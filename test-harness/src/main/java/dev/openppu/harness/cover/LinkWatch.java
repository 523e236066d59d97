package dev.openppu.harness.cover;

import dev.openppu.abi.PpuIds;
import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.ResetKind;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Notes what a host uses of a device: fields of registers, kinds of packets, reasons of page faults, resets. All of it is seen at the link, so that it is the same on every link; what passes there in no call (what the
 * device reads, writes and counts by itself) is not seen. Thread-safe; of one link.
 */
public final class LinkWatch {
    private final DeviceLink link;
    private final RegisterFields fields;
    private final TouchedRegisters touched;
    private final Map<ResetKind, Long> resets = new TreeMap<>();
    private final @Nullable Ppu ppu;

    private record Ppu(WatchedDmaSpace memory, SubmittedPackets packets, ReadFaults faults) {}

    private LinkWatch(DeviceLink device, RegisterFields fields, boolean ofPpu) {
        this.fields = fields;
        this.touched = new TouchedRegisters(fields);
        if (ofPpu) {
            WatchedDmaSpace memory = new WatchedDmaSpace(device.dma());
            SubmittedPackets packets = new SubmittedPackets(memory);
            ReadFaults faults = new ReadFaults();
            ppu = new Ppu(memory, packets, faults);
            link = new WatchedLink(device, Map.of(fields.bar(), touched.and(packets.registers()).and(faults), PpuIds.BAR_DOORBELLS,
                    packets.doorbells()), memory, this::resets);
        } else {
            ppu = null;
            link = new WatchedLink(device, Map.of(fields.bar(), touched), device.dma(), this::resets);
        }
    }

    /** Watches a link to a PPU. */
    public static LinkWatch ofPpu(DeviceLink link) {
        return new LinkWatch(link, RegisterFields.ofPpu(), true);
    }

    /** Watches a link to a device with other registers. */
    public static LinkWatch of(DeviceLink link, RegisterFields fields) {
        return new LinkWatch(link, fields, false);
    }

    /** As reports write it: {@code function-level}. */
    public static String id(ResetKind kind) {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The link for the host: closing it closes the one that is watched. */
    public DeviceLink link() {
        return link;
    }

    private synchronized void resets(ResetKind kind) {
        resets.merge(kind, 1L, Long::sum);
    }

    /** What was used until now. */
    public synchronized LinkCoverage coverage() {
        Map<String, Long> named = new TreeMap<>();
        resets.forEach((kind, count) -> named.put(id(kind), count));
        return new LinkCoverage(Optional.of(fields), touched.readFields(), touched.writtenFields(), touched.toggledFields(),
                Optional.ofNullable(ppu)
                        .map(parts -> new LinkCoverage.OfPpu(parts.packets().seen(), parts.packets().unseen(), parts.faults().met())),
                named);
    }
}
