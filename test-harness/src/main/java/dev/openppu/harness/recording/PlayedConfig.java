package dev.openppu.harness.recording;

import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.LinkRuntime;
import dev.openppu.hal.pci.Capabilities;
import dev.openppu.hal.pci.Capability;
import dev.openppu.hal.pci.ConfigSpace;
import dev.openppu.hal.pci.PciRegister.Header;
import dev.openppu.hal.pci.PciRegister.SerialNumber;
import dev.openppu.hal.record.RecordedEvent;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Plays accesses to config space, and compares what it has. For one thread. */
final class PlayedConfig {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long PAUSE_NANOS = 5_000;
    private static final long LAST_BAR = Header.bar(Header.BARS) - 1L;

    private final ConfigSpace config;
    private final LinkRuntime runtime;
    private final EventStream events;
    private final RegisterNames names;
    private final Map<String, String> masked;
    private final Map<Long, Map<Long, Long>> addresses = new HashMap<>();

    /** @param masked is told of what differs and may */
    PlayedConfig(DeviceLink device, EventStream events, RegisterNames names, Map<String, String> masked) {
        this.config = device.config();
        this.runtime = device.runtime();
        this.events = events;
        this.names = names;
        this.masked = masked;
    }

    Optional<PlayedDifference> read(RecordedEvent e) {
        long seen = load((int) e.place(), (int) e.size());
        if (e.place() >= Header.BAR0 && e.place() <= LAST_BAR) {
            addresses.computeIfAbsent(e.place(), _ -> new HashMap<>()).put(e.value(), seen);
            return Optional.empty();
        }
        if (seen == e.value() || events.polledAgain(e)) {
            return Optional.empty();
        }
        Optional<Capability> capability = capability(e.place());
        if (capability.filter(found -> serialNumber(found, e)).isPresent()) {
            masked.put("config space: serial number", "tells devices apart");
            return Optional.empty();
        }
        long deadline = runtime.deadline(PATIENCE_NANOS);
        while (seen != e.value() && runtime.nanos() < deadline) {
            runtime.sleep(PAUSE_NANOS);
            seen = load((int) e.place(), (int) e.size());
        }
        return seen == e.value()
                ? Optional.empty()
                : Optional.of(new PlayedDifference(e, seen, "config space %s0x%03x: recorded 0x%x, seen 0x%x".formatted(
                        name(e.place(), capability), e.place(), e.value(), seen)));
    }

    private Optional<Capability> capability(long place) {
        return Capabilities.walk(config).stream().filter(found -> found.offset() <= place)
                .max(Comparator.comparingInt(Capability::offset));
    }

    private static boolean serialNumber(Capability capability, RecordedEvent e) {
        long within = e.place() - capability.offset();
        return capability.extended() && capability.id() == SerialNumber.ID && within >= SerialNumber.LOWER
                && within + e.size() <= SerialNumber.UPPER + Integer.BYTES;
    }

    private String name(long place, Optional<Capability> capability) {
        String name = names.config(place);
        return name.isEmpty()
                ? capability.map(found -> "%scapability 0x%02x + 0x%x at ".formatted(found.extended() ? "extended " : "", found.id(),
                        place - found.offset())).orElse("")
                : name + " at ";
    }

    /** Where the host has put a BAR is its own business: the recorded address stands for the one here. */
    void write(RecordedEvent e) {
        int value = (int) (long) addresses.getOrDefault(e.place(), Map.of()).getOrDefault(e.value(), e.value());
        switch ((int) e.size()) {
            case Byte.BYTES -> config.write8((int) e.place(), value);
            case Short.BYTES -> config.write16((int) e.place(), value);
            default -> config.write32((int) e.place(), value);
        }
    }

    private long load(int offset, int bytes) {
        return switch (bytes) {
            case Byte.BYTES -> config.read8(offset);
            case Short.BYTES -> config.read16(offset);
            default -> Integer.toUnsignedLong(config.read32(offset));
        };
    }
}
