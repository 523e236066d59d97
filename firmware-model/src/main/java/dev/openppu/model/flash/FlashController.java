package dev.openppu.model.flash;

import dev.openppu.model.agenda.Agenda;
import dev.openppu.model.firmware.flash.FlashLayout;
import dev.openppu.model.firmware.flash.FlashPort;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/** Does the flash's operations one after another, each in its time; shared by boot ROM and firmware. What waits is forgotten by a reset, as it is without power. */
public final class FlashController implements FlashPort {
    private static final long ERASE_NANOS = 2_000_000;
    private static final long PROGRAM_NANOS = 50_000;

    private final NorFlash flash;
    private final Agenda agenda;
    private final Runnable powerLost;
    private final ArrayDeque<Operation> waiting = new ArrayDeque<>();
    private final List<Runnable> whenIdle = new ArrayList<>();
    private Runnable idleLine = () -> {};
    private boolean working;

    private record Operation(long nanos, Supplier<NorFlash.Outcome> action) {}

    /** @param powerLost what becomes of the device when power goes at an operation */
    public FlashController(NorFlash flash, Agenda agenda, Runnable powerLost) {
        this.flash = flash;
        this.agenda = agenda;
        this.powerLost = powerLost;
    }

    /** The line that says that nothing is left to do. */
    public void idleLine(Runnable line) {
        idleLine = line;
    }

    /** Calls once when nothing is left to do: now, if that is so. */
    public void whenIdle(Runnable then) {
        if (busy()) {
            whenIdle.add(then);
        } else {
            then.run();
        }
    }

    @Override
    public void read(long offset, byte[] into) {
        flash.read(offset, into);
    }

    @Override
    public void erase(int sector) {
        Objects.checkIndex(sector, FlashLayout.SECTORS);
        add(new Operation(ERASE_NANOS, () -> flash.erase(sector)));
    }

    @Override
    public void program(long offset, byte[] content) {
        FlashLayout.checkPage(offset, content.length);
        byte[] copy = content.clone();
        add(new Operation(PROGRAM_NANOS, () -> flash.program(offset, copy)));
    }

    @Override
    public boolean busy() {
        return working;
    }

    /** What waits is forgotten. */
    public void reset() {
        waiting.clear();
        whenIdle.clear();
        working = false;
    }

    private void add(Operation operation) {
        waiting.add(operation);
        if (!working) {
            working = true;
            next();
        }
    }

    private void next() {
        Operation operation = waiting.element();
        agenda.after(operation.nanos(), "flash.operation", () -> {
            waiting.remove();
            if (operation.action().get() == NorFlash.Outcome.POWER_LOST) {
                powerLost.run();
            } else if (waiting.isEmpty()) {
                working = false;
                List<Runnable> callers = List.copyOf(whenIdle);
                whenIdle.clear();
                callers.forEach(Runnable::run);
                idleLine.run();
            } else {
                next();
            }
        });
    }
}
