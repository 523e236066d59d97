package dev.openppu.model.copy;

import dev.openppu.abi.reg.Engine;
import dev.openppu.model.agenda.Agenda;
import dev.openppu.model.command.Packet;
import dev.openppu.model.command.PacketEngine;
import dev.openppu.model.command.Turns;
import dev.openppu.model.sim.Chance;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The copy engines of a device: a packet goes to one that is free, or waits for one. The highest priority goes first, and none waits for ever; which of several free
 * engines is chance.
 */
public final class CopyEngines implements PacketEngine {
    private static final int PATIENCE = 8;

    private final List<CopyEngine> engines;
    private final Chance chance;
    private final List<ArrayDeque<Packet>> waiting = new ArrayList<>();
    private final Turns turns = new Turns(PATIENCE);

    public CopyEngines(List<CopyEngine> engines, Agenda agenda) {
        this.engines = List.copyOf(engines);
        this.chance = agenda.chance("copy");
        for (int level = 0; level < Turns.LEVELS; level++) {
            waiting.add(new ArrayDeque<>());
        }
        engines.forEach(engine -> engine.whenFree(this::assign));
    }

    @Override
    public void submit(Packet packet) {
        waiting.get(packet.priority()).add(packet);
        assign();
    }

    @Override
    public void cancelled(Packet packet) {
        // an engine that works on it notices at its next burst
        if (waiting.get(packet.priority()).remove(packet)) {
            packet.abandoned();
        }
    }

    /** A reset of one engine: what it works on is lost, what waits for an engine is not. */
    public void reset(Engine name) {
        for (CopyEngine engine : engines) {
            if (engine.name() == name) {
                Packet lost = engine.takeAway();
                if (lost != null) {
                    lost.lost();
                }
            }
        }
        assign();
    }

    /** Forgets everything, as a reset does. */
    public void reset() {
        waiting.forEach(ArrayDeque::clear);
        turns.clear();
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
        int levels = 0;
        for (int level = 0; level < Turns.LEVELS; level++) {
            levels |= waiting.get(level).isEmpty() ? 0 : 1 << level;
        }
        return levels == 0 ? null : waiting.get(turns.next(levels)).poll();
    }
}
