package dev.openppu.bench.host;

import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuOptions;
import dev.openppu.driver.client.CommandQueue;
import dev.openppu.driver.client.ContextLink;
import dev.openppu.driver.client.SignalSlot;
import dev.openppu.driver.owner.OwnerService;
import dev.openppu.driver.owner.OwnerService.Access;
import dev.openppu.driver.owner.OwnerService.ContextGrant;
import dev.openppu.driver.owner.OwnerService.PinnedGrant;
import dev.openppu.driver.owner.OwnerService.QueueRequest;
import dev.openppu.hal.LinkUri;
import dev.openppu.hal.record.RecordingLink;
import dev.openppu.model.link.ModelLinkProvider;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** A model of a PPU, brought up by the driver. (Not by {@code Links}, which looks for modules: benchmarks run on the class path.) */
public final class OpenPpu {
    /** In real time. */
    public static final String FREE_RUNNING = "model:zw810e";
    /** Under the simulated clock. */
    public static final String SIMULATED = "model:zw810e?clock=sim&seed=1";

    private OpenPpu() {}

    public static Ppu at(String uri) {
        return Ppu.open(new ModelLinkProvider().open(LinkUri.parse(uri)), PpuOptions.defaults());
    }

    /**
     * The same, recorded.
     *
     * @param content {@code whole} or {@code hash}
     */
    public static Ppu recorded(String uri, Path file, String content) {
        LinkUri parsed = LinkUri.parse(uri);
        Map<String, String> options = new LinkedHashMap<>(parsed.options());
        options.put("record", file.toString());
        options.put("record-dma", content);
        ModelLinkProvider models = new ModelLinkProvider();
        return Ppu.open(RecordingLink.open(new LinkUri(parsed.scheme(), parsed.target(), options), models::open), PpuOptions.defaults());
    }

    /** A queue of the device's own, in a context of its own; both go with the device. */
    public static DriverQueue queue(Ppu ppu, int log2Packets) {
        OwnerService owner = ppu.owner();
        ContextGrant context = owner.openContext();
        ContextLink link = new ContextLink(owner, ppu.link().runtime(), "benchmark", context, 1_000_000_000L);
        PinnedGrant signal = owner.allocatePinned(context.context(), 4096, Access.READ_WRITE);
        QueueRequest request = new QueueRequest(log2Packets, 0, false, false, "benchmark queue");
        return new DriverQueue(new CommandQueue(link, "benchmark queue", owner.openQueue(context.context(), request),
                new SignalSlot(signal.memory(), 0, signal.address())));
    }
}
