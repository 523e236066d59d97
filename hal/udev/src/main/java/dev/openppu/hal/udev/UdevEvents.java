package dev.openppu.hal.udev;

import com.sun.jna.Memory;
import com.sun.jna.NativeLong;
import com.sun.jna.platform.linux.Udev.UdevContext;
import com.sun.jna.platform.linux.Udev.UdevDevice;
import dev.openppu.hal.LinkException;
import dev.openppu.hal.hotplug.FunctionEvent;
import dev.openppu.hal.hotplug.FunctionEvent.Kind;
import dev.openppu.hal.hotplug.FunctionEvents;
import dev.openppu.hal.udev.MonitorFunctions.UdevMonitor;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A monitor's events. */
final class UdevEvents implements FunctionEvents {
    private static final String SUBSYSTEM = "pci";
    /** An interrupted thread is noticed so late. */
    private static final Duration LOOK = Duration.ofMillis(200);

    private final MonitorFunctions udev;
    private final PollFunction poll;
    private final UdevContext context;
    private final UdevMonitor monitor;
    private final Memory entry = new Memory(PollFunction.ENTRY_BYTES);
    private boolean closed;

    private UdevEvents(MonitorFunctions udev, PollFunction poll, UdevContext context, UdevMonitor monitor) {
        this.udev = udev;
        this.poll = poll;
        this.context = context;
        this.monitor = monitor;
    }

    /** @param sender {@code udev}, or {@code kernel} where no udev runs */
    static UdevEvents open(MonitorFunctions udev, PollFunction poll, String sender) {
        UdevContext context = udev.udev_new();
        if (context == null) {
            throw refused("udev_new");
        }
        UdevMonitor monitor = udev.udev_monitor_new_from_netlink(context, sender);
        if (monitor == null) {
            udev.udev_unref(context);
            throw refused("udev_monitor_new_from_netlink");
        }
        UdevEvents events = new UdevEvents(udev, poll, context, monitor);
        if (udev.udev_monitor_filter_add_match_subsystem_devtype(monitor, SUBSYSTEM, null) < 0
                || udev.udev_monitor_enable_receiving(monitor) < 0) {
            events.close();
            throw refused("udev_monitor_enable_receiving");
        }
        return events;
    }

    private static LinkException refused(String function) {
        return new LinkException("nothing here tells of PCI functions that come and go: %s failed; are netlink sockets allowed?".formatted(
                function));
    }

    @Override
    public Optional<FunctionEvent> await(Duration longest) {
        long deadline = System.nanoTime() + longest.toNanos();
        do {
            if (readable(Math.min(LOOK.toNanos(), Math.max(0, deadline - System.nanoTime())))) {
                Optional<FunctionEvent> event = event(udev.udev_monitor_receive_device(monitor));
                if (event.isPresent()) {
                    return event;
                }
            }
        } while (!Thread.currentThread().isInterrupted() && deadline - System.nanoTime() > 0);
        return Optional.empty();
    }

    private boolean readable(long nanos) {
        entry.setInt(0, udev.udev_monitor_get_fd(monitor));
        entry.setShort(Integer.BYTES, PollFunction.READABLE);
        return poll.poll(entry, new NativeLong(1), (int) Duration.ofNanos(nanos).toMillis() + 1) > 0;
    }

    /** None of a device means that the socket's buffer was too small for what happened. */
    private Optional<FunctionEvent> event(@Nullable UdevDevice device) {
        if (device == null) {
            return Optional.of(FunctionEvent.unknown());
        }
        try {
            String address = udev.udev_device_get_sysname(device);
            return kind(udev.udev_device_get_action(device)).map(kind -> new FunctionEvent(kind, address));
        } finally {
            udev.udev_device_unref(device);
        }
    }

    static Optional<Kind> kind(@Nullable String action) {
        return switch (action) {
            case "add" -> Optional.of(Kind.CAME);
            case "remove" -> Optional.of(Kind.WENT);
            case "bind" -> Optional.of(Kind.BOUND);
            case "unbind" -> Optional.of(Kind.UNBOUND);
            case "change" -> Optional.of(Kind.CHANGED);
            case null, default -> Optional.empty(); // "move", "online": nothing that anybody here could open or not
        };
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            udev.udev_monitor_unref(monitor);
            udev.udev_unref(context);
            entry.close();
        }
    }
}
