package dev.openppu.hal.replay;

import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.LinkException;
import dev.openppu.hal.LinkIdentity;
import dev.openppu.hal.LinkRuntime;
import dev.openppu.hal.LinkUri;
import dev.openppu.hal.ResetKind;
import dev.openppu.hal.Unobservable;
import dev.openppu.hal.dma.DmaSpace;
import dev.openppu.hal.irq.Interrupts;
import dev.openppu.hal.mmio.Mmio;
import dev.openppu.hal.mmio.TrappedMmio;
import dev.openppu.hal.pci.ConfigSpace;
import dev.openppu.hal.pci.RegionConfigSpace;
import dev.openppu.hal.realtime.Timescale;
import dev.openppu.hal.record.BarList;
import dev.openppu.hal.record.Kind;
import dev.openppu.hal.record.RecordingException;
import dev.openppu.hal.record.RecordingInfo;
import dev.openppu.hal.record.RecordingReader;
import java.util.List;
import java.util.Set;

/**
 * A recording in place of a device. Host software that does what it did then is answered as it was answered then; the first call that is another one ends the replay with a
 * {@link ReplayDifferenceException}.
 */
public final class ReplayLink implements DeviceLink {
    private final RecordingInfo info;
    private final LinkIdentity identity;
    private final ReplayCursor cursor;
    private final ReplayCalls calls;
    private final ConfigSpace config;
    private final ReplayDmaSpace dma;
    private final Interrupts interrupts;
    private final ReplayRuntime runtime;

    /**
     * @param reader at its beginning; is closed with the link
     * @throws RecordingException if the recording has no content of host memory
     */
    ReplayLink(LinkUri uri, RecordingReader reader, ReplayWatch watch) {
        this.info = reader.info();
        if (!info.wholeDma()) {
            throw new RecordingException(reader.path()
                    + ": it was recorded with record-dma=hash and does not know what the device wrote to host memory: record with record-dma=whole to replay");
        }
        ReplayMemory memory = new ReplayMemory();
        this.cursor = new ReplayCursor(reader, memory, watch);
        this.calls = new ReplayCalls(cursor);
        this.identity = new LinkIdentity(uri.toString(), info.identity().address(), "recording of " + info.identity().description(), true);
        this.config = new RegionConfigSpace(new ReplayConfigRegion(calls), info.configBytes());
        this.dma = new ReplayDmaSpace(calls, memory, info);
        this.interrupts = new ReplayInterrupts(cursor, calls, info.vectors());
        this.runtime = new ReplayRuntime(cursor, calls, timescale(info), info.simulated());
    }

    private static Timescale timescale(RecordingInfo info) {
        try {
            return new Timescale(LinkUri.parse(info.identity().uri()).factor("timescale"));
        } catch (LinkException e) {
            return new Timescale(1);
        }
    }

    @Override
    public LinkIdentity identity() {
        return identity;
    }

    @Override
    public ConfigSpace config() {
        return config;
    }

    @Override
    public List<Bar> bars() {
        return BarList.decode(calls.call(Kind.BARS, 0, 0, 0, 0).content());
    }

    @Override
    public Mmio bar(int index) {
        return new TrappedMmio(new ReplayTrap(calls, index), calls.call(Kind.BAR, index, 0, 0, 0).size());
    }

    @Override
    public DmaSpace dma() {
        return dma;
    }

    @Override
    public Interrupts interrupts() {
        return interrupts;
    }

    @Override
    public Set<ResetKind> resets() {
        return info.resets();
    }

    @Override
    public void reset(ResetKind kind) {
        calls.call(Kind.RESET, kind.ordinal(), 0, 0, 0);
    }

    @Override
    public LinkRuntime runtime() {
        return runtime;
    }

    @Override
    public List<Unobservable> unobservable() {
        return info.unobservable();
    }

    @Override
    public void close() {
        try {
            cursor.close();
        } finally {
            runtime.close();
            dma.close();
        }
    }
}
