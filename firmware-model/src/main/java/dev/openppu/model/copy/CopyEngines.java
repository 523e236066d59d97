package dev.openppu.model.copy;

import dev.openppu.model.agenda.Agenda;
import dev.openppu.model.command.Packet;
import dev.openppu.model.command.PacketEngine;
import dev.openppu.model.sim.Chance;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The copy engines of a device: a packet goes to one that is free, or waits for one. High priority goes first; which of several free engines is chance. */
public final class CopyEngines implements PacketEngine {
    private final List<CopyEngine> engines;
    private final Chance chance;
    private final ArrayDeque<Packet> high = new ArrayDeque<>();
    private final ArrayDeque<Packet> normal = new ArrayDeque<>();

    public CopyEngines(List<CopyEngine> engines, Agenda agenda) {
        this.engines = List.copyOf(engines);
        this.chance = agenda.chance("copy");
        engines.forEach(engine -> engine.whenFree(this::assign));
    }

    @Override
    public void submit(Packet packet) {
        (packet.highPriority() ? high : normal).add(packet);
        assign();
    }

    @Override
    public void cancelled(Packet packet) {
        // an engine that works on it notices at its next burst
        if (high.remove(packet) || normal.remove(packet)) {
            packet.abandoned();
        }
    }

    /** Forgets everything, as a reset does. */
    public void reset() {
        high.clear();
        normal.clear();
        engines.forEach(CopyEngine::reset);
    }

    private void assign() {
        List<CopyEngine> free = new ArrayList<>(engines.size());
        for (CopyEngine engine : engines) {
            if (engine.free()) {
                free.add(engine);
            }
        }
        while (!free.isEmpty()) {
            Packet next = next();
            if (next == null) {
                return;
            }
            free.remove((int) chance.below(free.size())).begin(next);
        }
    }

    private @Nullable Packet next() {
        Packet first = high.poll();
        return first != null ? first : normal.poll();
    }
}
