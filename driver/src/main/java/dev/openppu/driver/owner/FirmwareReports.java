package dev.openppu.driver.owner;

import dev.openppu.abi.firmware.XidEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Holds back what the firmware says before there is an owner to hear it. Called under the message channel's lock, and once to connect. */
final class FirmwareReports implements MessageChannel.Listener {
    private final List<Consumer<MessageChannel.Listener>> early = new ArrayList<>();
    private MessageChannel.@Nullable Listener listener;

    synchronized void connect(MessageChannel.Listener newListener) {
        listener = newListener;
        early.forEach(report -> report.accept(newListener));
        early.clear();
    }

    @Override
    public void xid(XidEvent event) {
        report(l -> l.xid(event));
    }

    @Override
    public void log(int level, String text) {
        report(l -> l.log(level, text));
    }

    private synchronized void report(Consumer<MessageChannel.Listener> report) {
        if (listener == null) {
            early.add(report);
        } else {
            report.accept(listener);
        }
    }
}
